"""Learning of choices."""

from pipelines.learn import Choice, learn
from transforms.arabic.choices import Rankers


def test_what_stands_beside_right_candidates_weighs_more() -> None:
    choices = [Choice([["near"], ["far"], ["none"]], frozenset({int(i % 4 == 0)})) for i in range(20)]
    weights = learn(choices, l2=0.1)
    assert Rankers({"x": weights}).best("x", [["near"], ["far"], ["none"]])[0] == 0
    assert weights["near"] > weights["far"] > weights["none"]
    assert weights == learn(choices, l2=0.1)


def test_choices_without_a_right_candidate_teach_nothing() -> None:
    assert learn([Choice([["a"], ["b"]], frozenset())], l2=1.0) == {}
