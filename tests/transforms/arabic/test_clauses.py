"""Which phrases stand around an event, by order, function words, gender and the letters of cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents import document
from transforms.arabic.clauses import around
from transforms.arabic.scene import Scene, Told
from transforms.entities import annotate_mentions
from transforms.segment import segment


def scene_with(text: str, trigger: str) -> tuple[Scene, Told]:
    """The text's first sentence with one event, told by the first word that is, or ends with, `trigger`."""
    doc = annotate_mentions(segment(document(text)))
    at = next(i for i, t in enumerate(doc.tokens[0]) if t.text == trigger or t.text.endswith(trigger))
    token = doc.tokens[0][at]
    told = Told(0, at, at, token.start, token.end, "ASSAULT")
    return Scene(text, doc.tokens, doc.mentions, (), [told]), told


def labels(text: str, trigger: str) -> dict[str, str]:
    """The first label of each phrase around the trigger, by the phrase's text."""
    scene, told = scene_with(text, trigger)
    found = around(scene.line(0), told.first, told.last).labels
    return {text[p.start : p.end]: found[p.first][0] for p in scene.line(0).phrases.values() if p.first in found}


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        # Subject after the verb, then the object.
        ("اعتقلت الشرطة عشرات المحتجين في العاصمة.", "اعتقلت", {"الشرطة": "subvso", "عشرات المحتجين": "obj"}),
        # Subject before the verb in a clause after أن: what follows is the object.
        ("قال الوزير إن الحكومة ترفض هذه الشروط.", "ترفض", {"الحكومة": "subcomp", "هذه الشروط": "obj"}),
        # A masculine verb has no subject in ة behind it.
        ("قال مصدر إن الجيش دمر القاعدة.", "دمر", {"الجيش": "subcomp", "القاعدة": "obj"}),
        # The indefinite accusative is no subject.
        ("لكن الحركة نفذت هجوما على الثكنة.", "نفذت", {"الحركة": "subcomp", "هجوما": "obj", "الثكنة": "علي"}),
        # What goes on a noun: adjectives are passed, ل and على bring the sides.
        ("أفشل الجنود هجوما بحريا للميليشيا على الميناء.", "هجوما", {"للميليشيا": "ل", "الميناء": "علي"}),
        # Who did it, in the relative clause behind the noun.
        ("أدت ضربات نفذتها المقاتلات على المخيم إلى فرار السكان.", "ضربات", {"المقاتلات": "ri1", "المخيم": "rعلي"}),
        # By whom.
        ("تعرض الموقع لقصف من قبل الطيران.", "لقصف", {"الطيران": "by"}),
        # What governs the event, with its own phrases.
        ("دعا الرئيس الفصائل إلى وقف القتال.", "وقف", {"القتال": "i1", "الرئيس": "gsubvso", "الفصائل": "gobj"}),
    ],
)
def test_labels(text: str, trigger: str, expected: dict[str, str]) -> None:
    found = labels(text, trigger)
    assert {phrase: found.get(phrase) for phrase in expected} == expected


def test_a_verb_after_a_pronoun_has_the_subject_of_what_governs_it() -> None:
    assert labels("أعلنت الوزارة أنها أرسلت سفينة إلى الميناء.", "أرسلت")["الوزارة"] == "subpro"


def test_verbs_joined_by_and_share_their_subject() -> None:
    assert labels("داهمت الشرطة المنزل واعتقلت ناشطا.", "واعتقلت")["الشرطة"] == "suband"


def test_what_governs_an_event_and_how() -> None:
    scene, told = scene_with("حذر الأمين العام من هجوم على المدينة.", "هجوم")
    near = around(scene.line(0), told.first, told.last)
    assert near.governor is not None
    assert scene.tokens[0][near.governor].norm == "حذر"
    assert near.link == "من"


_WORDS = (
    "قال",
    "الوزير",
    "إن",
    "الجيش",
    "قصف",
    "قصفا",
    "على",
    "من",
    "التي",
    "شنتها",
    "،",
    "و",
    "المدينة",
    "أمس",
    "لم",
    "«",
    "»",
)


@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=25), st.integers(0, 24))
def test_any_order_of_words_ends_with_labels_of_phrases(words: list[str], at: int) -> None:
    text = " ".join(words)
    doc = segment(document(text))
    tokens = doc.tokens[0]
    i = min(at, len(tokens) - 1)
    told = Told(0, i, i, tokens[i].start, tokens[i].end, "ASSAULT")
    scene = Scene(text, doc.tokens, (), (), [told])
    near = around(scene.line(0), i, i)
    assert all(first in scene.line(0).phrases or first in scene.line(0).tails for first in near.labels)
    assert all(governor < i for governor, _ in near.governors)
