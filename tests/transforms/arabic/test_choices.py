"""Choice among candidates, and the table of weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.arabic.choices import Rankers, labelled, read_weights, spelled, write_weights
from transforms.arabic.telling import CHOICES


def test_the_heaviest_candidate_is_chosen_with_its_probability() -> None:
    ranker = Rankers({"actor": {"a": 1.0, "b": -1.0}, "place": {"b": 5.0}})
    best, chance = ranker.best("actor", [["b"], ["a", "unknown"], ["a", "b"]])
    assert best == 1
    assert chance == pytest.approx(1 / (1 + 2.718281828**-1 + 2.718281828**-2))


def test_of_equals_the_first_is_chosen() -> None:
    assert Rankers({"actor": {}}).best("actor", [[], ["b"]]) == (0, 0.5)


def _pair(one: str, two: str) -> list[str]:
    return [f"x={one}", f"y={one}|{two}"]


def test_a_part_weighs_what_its_features_weigh(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = {"actor": {"x=a": 1.0, "y=a|b": -0.25, "z": 0.1}, "target": {"x=a": 0.5}}
    ranker = Rankers(weights)
    row = [(_pair, "a", "b"), "z", "unknown"]
    assert spelled(row) == ["x=a", "y=a|b", "z", "unknown"]
    monkeypatch.setattr("transforms.arabic.choices._KEPT", 2)
    for _ in range(2):
        for other in "bcde":  # more than are kept
            rows = [[(_pair, "a", other)], [(_pair, "a", "b"), "z", "unknown"], []]
            whole = [spelled(row) for row in rows]
            assert ranker.shared(("actor", "target"), rows) == ranker.shared(("actor", "target"), whole)
    assert ranker.sums("actor", [row]) == [850_000]


def test_sums_of_hundredths_hang_on_no_order() -> None:
    ranker = Rankers({"actor": {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.6}})
    assert ranker.best("actor", [["c", "b", "a"], ["d"], ["a", "b", "c"]])[0] == 0


_TABLES = st.dictionaries(
    st.sampled_from(CHOICES),
    st.dictionaries(st.text("abc=|ت", min_size=1), st.sampled_from([-2.5, -0.25, 0.5, 1.0, 12.75]), min_size=1),
    min_size=1,
)


@given(_TABLES)
def test_tables_are_read_as_they_are_written(tables: dict[str, dict[str, float]]) -> None:
    assert read_weights(write_weights(tables)) == tables


def test_small_weights_are_left_out() -> None:
    assert read_weights(write_weights({"actor": {"a": 0.5, "b": 0.01}}, least={"actor": 0.03})) == {"actor": {"a": 0.5}}


def test_a_label_is_chosen_by_its_own_weights() -> None:
    ranker = Rankers({"status": {"planned|will": 2.0, "negated|not": 3.0, "actual|1": 1.0}})
    labels = ["actual", "planned", "negated", "never seen"]
    rows = (["1"], ["1", "will"], ["1", "will", "not"], ["unknown"])
    assert [labels[ranker.label("status", labels, row)] for row in rows] == ["actual", "planned", "negated", "actual"]
    assert labelled("actual", ["1"]) == ["actual|1"]
