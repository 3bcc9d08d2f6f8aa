"""Quotes: a table of patterns, each written for this test, and properties of any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.arabic.quotes import QuoteSpan, find_quotes
from transforms.arabic.sentences import split_sentences
from transforms.arabic.speakerphrases import Named
from transforms.arabic.tokens import tokenize


def quotes_of(text: str, *people: str, bodies: tuple[str, ...] = ()) -> tuple[QuoteSpan, ...]:
    """The quotations of a text in which the given names stand."""
    names = []
    for kind, written in (("PER", people), ("ORG", bodies)):
        for name in written:
            start = text.find(name)
            while start >= 0:
                names.append(Named(start, start + len(name), kind))
                start = text.find(name, start + 1)
    tokens = [tokenize(text, start, end) for start, end in split_sentences(text)]
    return find_quotes(text, tokens, sorted(names))


@pytest.mark.parametrize(
    ("text", "content", "cue", "speaker", "direct"),
    [
        ("وقال وزير الداخلية في بيان إن التحقيق مستمر.", "التحقيق مستمر", "قال", "وزير الداخلية", False),
        ("وأضاف المصدر: لن نقبل بأي شرط.", "لن نقبل بأي شرط", "أضاف", "المصدر", True),
        ("وأوضح أنه سيغادر غدا.", "أنه سيغادر غدا", "أوضح", None, False),
        ("الوزير أكد أن المدرسة ستفتح غدا.", "المدرسة ستفتح غدا", "أكد", "الوزير", False),
        ("وقالت المديرة «سنفتح المدرسة في الصباح».", "سنفتح المدرسة في الصباح", "قالت", "المديرة", True),
        ("وقالت المديرة ''سنفتح المدرسة في الصباح''.", "سنفتح المدرسة في الصباح", "قالت", "المديرة", True),
        ("واعتبر المدير أن هذه الأنباء «كاذبة».", "هذه الأنباء «كاذبة»", "اعتبر", "المدير", False),
        ("أعلنت الوزارة إغلاق الجسر القديم.", "إغلاق الجسر القديم", "أعلنت", "الوزارة", False),
        ("وأعربت الوزارة عن قلقها من الفيضان.", "قلقها من الفيضان", "أعربت", "الوزارة", False),
        ("انهار الجسر القديم فجرا، بحسب مصادر محلية.", "انهار الجسر القديم فجرا", "بحسب", "مصادر محلية", False),
        ("وبحسب المتحدث فإن الجسر انهار فجرا.", "الجسر انهار فجرا", "وبحسب", "المتحدث", False),
        ("انهار الجسر فجرا، وفق ما ذكرت الوزارة.", "انهار الجسر فجرا", "وفق", "الوزارة", False),
        ("الوزير أبلغ السفير الجديد بضرورة إغلاق الجسر.", "بضرورة إغلاق الجسر", "أبلغ", "الوزير", False),
        ("ووثقت الوزارة إغلاق عشرين مدرسة.", "إغلاق عشرين مدرسة", "وثقت", "الوزارة", False),
        (
            "أعلنت الوزارة إغلاق الجسر القديم في الوقت الذي تواصل فيه الفرق عملها.",
            "إغلاق الجسر القديم",
            "أعلنت",
            "الوزارة",
            False,
        ),
        ("وجاء في بيان للوزارة أن الجسر سيفتح غدا.", "الجسر سيفتح غدا", "جاء", "بيان للوزارة", False),
        ("وقال بعض السكان إن الجسر انهار.", "الجسر انهار", "قال", "بعض السكان", False),
        ("ومما قاله المدير «سنفتح المدرسة في الصباح».", "سنفتح المدرسة في الصباح", "قاله", "المدير", True),
        ("وكانت وسائل إعلام محلية قالت إن الجسر انهار.", "الجسر انهار", "قالت", "وسائل إعلام محلية", False),
        ("وقال المدير ردا على سؤال إن المدرسة ستفتح.", "المدرسة ستفتح", "قال", "المدير", False),
        ("انهار الجسر القديم فجرا، بحسب وكالات الأنباء.", "انهار الجسر القديم فجرا", "بحسب", "وكالات الأنباء", False),
        (
            "وقال المدير في كلمة له، حسبما نقلت الصحيفة «سنفتح المدرسة القديمة في صباح الغد».",
            "سنفتح المدرسة القديمة في صباح الغد",
            "قال",
            "المدير",
            True,
        ),
        ("وأكد المدير أن المدرسة ستفتح غدا، رغم أنه نفى ذلك أمس.", "المدرسة ستفتح غدا", "أكد", "المدير", False),
    ],
)
def test_table(text: str, content: str, cue: str, speaker: str | None, direct: bool) -> None:
    (quote,) = quotes_of(text)
    assert text[quote.start : quote.end] == content
    assert quote.cue is not None
    assert text[slice(*quote.cue)] == cue
    assert (quote.speaker and text[slice(*quote.speaker)]) == speaker
    assert quote.direct is direct


def test_a_country_that_begins_like_a_preposition_speaks() -> None:
    text = "وقالت بريطانيا إن الجسر سيفتح غدا."
    (quote,) = quotes_of(text, bodies=("بريطانيا",))
    assert quote.speaker is not None
    assert text[slice(*quote.speaker)] == "بريطانيا"


def test_who_contradicts_has_a_quotation_of_his_own() -> None:
    text = "وقال الوزير إن الجسر سيفتح غدا صباحا، إلا أن الإدارة أقرت بأن العمل لم ينته."
    found = quotes_of(text)
    assert [text[q.start : q.end] for q in found] == ["الجسر سيفتح غدا صباحا", "العمل لم ينته"]
    text = "وقال الوزير إن الجسر قديم ومتهالك، إلا أنه آمن."
    assert [text[q.start : q.end] for q in quotes_of(text)] == ["الجسر قديم ومتهالك، إلا أنه آمن"]


@pytest.mark.parametrize(
    "text",
    [
        "أصيب عاملان في الحادث ونقلا إلى المستشفى القريب.",
        "وصل الوزير إلى المدينة.",
        "نفى الوزير أن يكون قد سافر.",
        "وطلب الوزير إغلاق الجسر.",
        "يذكر أن الجسر بني قبل قرن.",
        "دار اللقاء بين الوزير والسفير.",
    ],
)
def test_no_quote(text: str) -> None:
    assert quotes_of(text) == ()


def test_participles_are_chained_and_have_the_same_speaker() -> None:
    text = "قال المدير سالم الهادي إن الطريق مغلق، مضيفا أن العمل بدأ، ومؤكدا أن الجسر سليم."
    found = quotes_of(text, "سالم الهادي")
    assert [text[q.start : q.end] for q in found] == ["الطريق مغلق", "العمل بدأ", "الجسر سليم"]
    assert {q.speaker_name for q in found} == {"سالم الهادي"}
    assert {q.speaker_role for q in found} == {"المدير"}


def test_a_quotation_runs_on_over_sentences_to_its_end_mark() -> None:
    text = 'وقال سالم الهادي: "الطريق مغلق منذ الصباح.\nسنفتحه قريبا.\nشكرا لصبركم". ووصل الوفد مساء إلى الفندق.'
    found = quotes_of(text, "سالم الهادي")
    assert [text[q.start : q.end] for q in found] == ["الطريق مغلق منذ الصباح", "سنفتحه قريبا", "شكرا لصبركم"]
    assert [q.cue is None for q in found] == [False, True, True]
    assert {q.speaker_name for q in found} == {"سالم الهادي"}


@pytest.mark.parametrize(
    "later",
    ["وأضاف أن الثلج كثيف.", "وأضاف الهادي أن الثلج كثيف.", "وأضاف المدير أن الثلج كثيف."],
)
def test_pronoun_surname_and_office_are_the_one_named_before(later: str) -> None:
    found = quotes_of(f"قال المدير سالم الهادي إن الطريق مغلق.\n{later}", "سالم الهادي", "الهادي")
    assert [q.speaker_name for q in found] == ["سالم الهادي", "سالم الهادي"]


def test_a_pronoun_agrees_in_gender() -> None:
    text = "قالت منى الراوي إن الماء نقي.\nوقال سالم الهادي إن النهر جف.\nوأضافت أن الفحص تم."
    assert quotes_of(text, "منى الراوي", "سالم الهادي")[-1].speaker_name == "منى الراوي"


def test_a_body_told_short_has_its_full_name() -> None:
    text = "زارت منظمة الماء الدولية القرية.\nوقالت المنظمة إن الماء نقي."
    assert quotes_of(text, bodies=("منظمة الماء الدولية",))[-1].speaker_name == "منظمة الماء الدولية"


def test_an_anonymous_source_has_no_name() -> None:
    (quote,) = quotes_of("قال مصدر محلي إن الماء نقي.")
    assert quote.speaker_name is None


def test_stance_is_the_verb_s() -> None:
    (quote,) = quotes_of("وزعم الحارس أن الباب كان مفتوحا.")
    assert quote.stance == "claim"


WORDS = [
    "قال",
    "وقالت",
    "أن",
    "إن",
    "إلى",
    "عن",
    "بحسب",
    "كما",
    "ما",
    "مضيفا",
    "وصف",
    "بأنها",
    "الوزير",
    "سالم",
    "هادي",
]
WORDS += [
    '"',
    "«",
    "»",
    "''",
    "”",
    "“",
    ":",
    "،",
    ".",
    ".\n",
    "فان",
    "نقلت",
    "أعلن",
    "مقتل",
    "الذي",
    "لكن",
    "12",
    "#خبر",
]


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.booleans())
def test_spans_lie_inside_the_text(parts: list[str], glued: bool) -> None:
    text = ("" if glued else " ").join(parts)
    for quote in quotes_of(text, "سالم هادي", "سالم", bodies=("الوزير",)):
        assert 0 <= quote.start < quote.end <= len(text)
        for span in (quote.cue, quote.speaker):
            assert span is None or (0 <= span[0] < span[1] <= len(text))
            assert span is None or text[slice(*span)].strip()


@given(st.text(alphabet=st.sampled_from("قالإن اوضح:\"«»'.،\nمسوبلته"), max_size=120))
def test_any_text_is_read(text: str) -> None:
    for quote in quotes_of(text):
        assert 0 <= quote.start < quote.end <= len(text)
