"""Which of the words that can tell events do tell one."""

import pytest

from tests.documents import document
from transforms.arabic.choices import Rankers, spelled
from transforms.arabic.scene import Scene, Told
from transforms.arabic.sifting import Candidate, features, sift
from transforms.segment import segment

TEXT = "قتل ثلاثة جنود في غارة على الثكنة."


def candidates(*chances: tuple[int, dict[str, float]]) -> tuple[Scene, list[Candidate]]:
    """Candidates by the index of their word in TEXT."""
    doc = segment(document(TEXT))
    held = []
    for i, types in chances:
        token = doc.tokens[0][i]
        kind = max(types, key=lambda k: types[k])
        held.append(Candidate(Told(0, i, i, token.start, token.end, kind), types))
    return Scene(TEXT, doc.tokens, (), (), [c.told for c in held]), held


def test_types_are_weighed_from_the_likeliest_on_and_faint_ones_not_at_all() -> None:
    _, [one] = candidates((0, {"ASSAULT": 0.6, "COERCE": 0.2, "AID": 0.1, "REJECT": 0.09, "AGREE": 0.001}))
    assert one.types == ("ASSAULT", "COERCE", "AID")
    assert one.any == pytest.approx(0.991)


def test_the_choice_is_by_weights_and_its_score_a_probability() -> None:
    scene, held = candidates((0, {"ASSAULT": 0.6, "COERCE": 0.3}), (4, {"ASSAULT": 0.9}))
    sure = Rankers({"event": {"T=COERCE": 5.0, "T=ASSAULT": 1.0}})
    found = sift(scene, held, sure)
    assert [s.told.type for s in found] == ["COERCE", "ASSAULT"]
    assert 0.95 < found[0].score < 1
    # e / (1 + e): the lean towards telling one decides, but does not flatter the score.
    assert found[1].score == pytest.approx(0.731, abs=0.001)


def test_nothing_is_told_where_none_weighs_most() -> None:
    scene, held = candidates((0, {"ASSAULT": 0.6}))
    assert sift(scene, held, Rankers({"event": {"0": 3.0}})) == []
    assert sift(Scene(TEXT, scene.tokens, (), (), []), [], Rankers({"event": {"0": 3.0}})) == []


def test_a_word_sees_the_surer_one_of_its_type_in_the_sentence() -> None:
    scene, held = candidates((0, {"ASSAULT": 0.6}), (4, {"ASSAULT": 0.9}))
    (_, deaths), (_, raid) = ([spelled(row) for row in rows] for rows in features(scene, held))
    assert "sT=1|ASSAULT" in deaths
    assert "sT=0|ASSAULT" in raid
    assert {f[:3] for f in deaths if f[0] == "R"} >= {"RA+"}
    assert {f[:3] for f in raid if f[0] == "R"} >= {"RB-"}
