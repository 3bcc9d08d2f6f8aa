"""What the phrases around an event's word mean, and what governs an event."""

import doctest
from types import ModuleType

import pytest

import transforms.arabic.frames
import transforms.arabic.wordforms
from transforms.arabic.characters import normal_form
from transforms.arabic.frames import Frame, frames, governor, governor_role, role
from transforms.arabic.lexicon import table
from transforms.arabic.phrases import words_of_class

_ROLES = {"A", "T", "AT", "-"}


def frame_of(word: str, kind: str, verb: bool | None = None) -> Frame:
    found = frames(normal_form(word), kind, verb)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("word", "kind", "label", "expected"),
    [
        # اعتقلت الشرطة عشرات المتظاهرين في العاصمة
        ("اعتقلت", "COERCE", "subvso", "A"),
        ("اعتقلت", "COERCE", "obj", "T"),
        ("اعتقلت", "COERCE", "في", "-"),
        ("وسيعتقلون", "COERCE", "obj", "T"),
        # اعتقال الصحفي من قبل قوات الأمن
        ("باعتقال", "COERCE", "i1", "T"),
        ("اعتقال", "COERCE", "by", "A"),
        # هجوم الجماعة على الثكنة؛ الهجمات التركية ضد الأكراد؛ هجوم للميليشيا
        ("هجومه", "ASSAULT", "i1", "A"),
        ("هجوما", "ASSAULT", "علي", "T"),
        ("والهجمات", "ASSAULT", "adj", "A"),
        ("الهجمات", "ASSAULT", "ضد", "T"),
        ("هجوم", "ASSAULT", "ل", "A"),
        # مقتل جندي، توفي الجريح، جثث المدنيين
        ("لمقتل", "ASSAULT", "i1", "T"),
        ("توفي", "ASSAULT", "sub", "T"),
        ("استشهد", "ASSAULT", "subV", "T"),
        ("المعتقلين", "COERCE", "adj", "T"),
        # التقى الوزير نظيره؛ لقائه مع السفير؛ محادثات بين الطرفين؛ زيارة إلى طهران
        ("يلتقي", "CONSULT", "obj", "T"),
        ("لقائه", "CONSULT", "مع", "T"),
        ("المحادثات", "CONSULT", "بين", "AT"),
        ("زيارته", "CONSULT", "الي", "T"),
        # دعا المجلس الأطراف، طالب الوزير الحكومة، طلب من الجيش، مطالبة الدولة
        ("دعا", "REQUEST", "obj", "T"),
        ("وتطالب", "REQUEST", "obj", "T"),
        ("يطلب", "REQUEST", "من", "T"),
        ("داعيا", "REQUEST", "obj", "T"),
        ("داعيا", "REQUEST", "subhal", "A"),
        # اتهم الجيش المعارضة؛ ندد الاتحاد بالقصف؛ أفرجت عن أسيرين؛ انسحب الجيش من المدينة
        ("اتهمت", "ACCUSE", "obj", "T"),
        ("نددت", "ACCUSE", "ب", "T"),
        ("أفرجت", "RETREAT", "عن", "T"),
        ("الانسحاب", "RETREAT", "i1", "A"),
        # عقوبات على موسكو؛ مساعدات إلى اليمن؛ تظاهروا ضد الحكومة
        ("عقوبات", "SANCTION", "علي", "T"),
        ("المساعدات", "AID", "الي", "T"),
        ("تظاهروا", "PROTEST", "ضد", "T"),
        # of relative clauses, of governors, of labels that nothing is known of
        ("هجوم", "ASSAULT", "Ri1", ""),
        ("هجوم", "ASSAULT", "gsub", ""),
        ("هجوم", "ASSAULT", "و1", ""),
    ],
)
def test_roles(word: str, kind: str, label: str, expected: str) -> None:
    assert role(frame_of(word, kind), label) == expected


def test_class_of_the_word_decides_where_it_is_known() -> None:
    assert frame_of("قتل", "ASSAULT", verb=True).verb
    assert not frame_of("قتل", "ASSAULT", verb=False).verb


def test_a_verb_taken_for_a_noun_has_its_subject_or_object_after_it() -> None:
    assert role(frame_of("اعتقلت", "COERCE", verb=False), "i1") == "AT"
    assert role(frame_of("تظاهروا", "PROTEST", verb=False), "i1") == "A"


def test_several_words() -> None:
    assert role(frame_of("شنت غارات", "ASSAULT"), "sub") == "A"
    assert role(frame_of("شنت غارات", "ASSAULT"), "علي") == "T"
    assert role(frame_of("أطلق سراح", "RETREAT"), "obj") == "T"
    assert role(frame_of("إطلاق سراح", "RETREAT"), "i1") == "T"
    assert frame_of("مقتل غامض", "ASSAULT") == frame_of("مقتل", "ASSAULT")


def test_a_word_of_other_types_has_what_they_agree_on() -> None:
    kinds = ("AGREE", "CONCEDE", "SUPPORT")  # موافقة of AGREE and SUPPORT: both have the actor in idafa
    assert frame_of("موافقة", "REJECT").idafa == "A"
    assert {frame_of("تعهد", kind).subject for kind in kinds[:2]} == {"A"}
    # of دعم, who supports and who is supported stand alike
    assert {frame_of("دعم", "AID", verb=False).idafa, frame_of("دعم", "SUPPORT", verb=False).idafa} == {"T", "AT"}
    assert frame_of("دعم", "CONSULT", verb=False).idafa == ""
    assert frames(normal_form("الشجرة"), "ASSAULT") is None


@pytest.mark.parametrize(
    ("word", "link", "label", "expected", "status"),
    [
        # دعا الرئيس الفصائل إلى وقف القتال
        ("دعا", "الي", "obj", "A", "hypothetical"),
        ("دعا", "الي", "sub", "-", "hypothetical"),
        # اتهمت تل أبيب الحركة بإطلاق صواريخ
        ("اتهمت", "ب", "obj", "A", "actual"),
        ("متهما", "ب", "obj", "A", "actual"),
        # قرر الحزب الانسحاب؛ يسعى لعقد قمة؛ خطة لاغتيال
        ("قررت", "", "sub", "A", "planned"),
        ("يسعى", "ل", "sub", "A", "planned"),
        ("خطة", "ل", "adj", "A", "planned"),
        # نفت الحكومة قصف المدينة؛ أحبط الجيش هجوما
        ("نفت", "", "sub", "A", "negated"),
        ("أحبط", "", "sub", "-", "negated"),
        # سمح الحرس للمراقبين بدخول المدينة؛ طلب من الوزير
        ("سمح", "ب", "ل", "A", "hypothetical"),
        ("طلبت", "comp", "من", "A", "hypothetical"),
        # شن الطيران غارة؛ تعرض المخيم لقصف؛ أدى القصف إلى مقتل
        ("شن", "", "sub", "A", "-"),
        ("تعرضت", "ل", "sub", "T", "actual"),
        ("يؤدي", "الي", "sub", "-", "actual"),
        ("فرضت", "", "علي", "T", "-"),
        ("وحذرت", "من", "sub", "-", "hypothetical"),
        ("دعوات", "الي", "i1", "-", "hypothetical"),
    ],
)
def test_governors(word: str, link: str, label: str, expected: str, status: str) -> None:
    (found, *_) = [g for g in governor(normal_form(word)) if g.takes(link)]
    assert (governor_role(found, label), found.status) == (expected, status)


def test_words_that_govern_nothing() -> None:
    assert governor(normal_form("الشجرة")) == ()
    assert not any(g.verb for g in governor(normal_form("المحاولات")))


def test_the_hamza_of_questions_makes_no_form() -> None:
    # أ + ف + رجت
    assert [g for g in governor(normal_form("أفرجت")) if g.verb] == []


def test_every_trigger_word_has_a_frame_and_no_cell_is_unknown() -> None:
    rows = table("frames")
    told = {(r["word"], r["kind"], r["type"]) for r in rows}
    assert {(r["word"], r["kind"], r["type"]) for r in table("trigger_words")} <= told
    assert len(told) == len(rows)
    assert {r[place] for r in rows for place in ("subject", "object", "idafa")} <= _ROLES
    pairs = [pair.split(":") for r in rows for pair in r["preps"].split()]
    assert {part for _, part in pairs} <= _ROLES
    assert {prep for prep, _ in pairs} <= words_of_class("prep") | {"ب", "ل", "ك"}


def test_governors_are_sound() -> None:
    rows = table("governors")
    assert {r["kind"] for r in rows} == {"verb", "noun"}
    assert {r["subject"] for r in rows} <= _ROLES
    assert {r["status"] for r in rows} == {"actual", "planned", "hypothetical", "negated", "-"}
    links = {link for r in rows for link in r["link"].split()}
    assert links <= words_of_class("prep") | {"ب", "ل", "+", "ان"}
    taken = [(normal_form(r["word"]), r["kind"], link) for r in rows for link in r["link"].split()]
    assert len(taken) == len(set(taken)), "two rows for one word and link"


@pytest.mark.parametrize("module", [transforms.arabic.frames, transforms.arabic.wordforms], ids=lambda m: m.__name__)
def test_examples(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
