"""Quotes: a table of the patterns, each written for this test."""

import pytest

from transforms.arabic.characters import normal_form
from transforms.arabic.lexicon import table
from transforms.arabic.quotes import QuoteSpan, find_quotes
from transforms.arabic.sentences import split_sentences
from transforms.arabic.spans import Name
from transforms.arabic.tokens import tokenize, tokenize_sentences

ONE = [
    ("وقال وزير الداخلية في بيان إن التحقيق مستمر.", "التحقيق مستمر", "قال", "وزير الداخلية", False),
    ("وأضاف المصدر: لن نقبل بأي شرط.", "لن نقبل بأي شرط", "أضاف", "المصدر", True),
    ("وأوضح أنه سيغادر غدا.", "أنه سيغادر غدا", "أوضح", None, False),
    ("الشركة قالت إن المصنع أغلق أبوابه.", "المصنع أغلق أبوابه", "قالت", "الشركة", False),
    ("وقال العمدة: «سنفتح الجسر بعد شهر»، ثم غادر القاعة.", "سنفتح الجسر بعد شهر", "قال", "العمدة", True),
    ('وقالت الكاتبة "هذه الرواية عن جدتي وقريتها".', "هذه الرواية عن جدتي وقريتها", "قالت", "الكاتبة", True),
    ("وقال المدرب ''لعبنا جيدا رغم حرارة الجو''.", "لعبنا جيدا رغم حرارة الجو", "قال", "المدرب", True),
    ("وأشار الخبير إلى أن الأسعار تراجعت.", "الأسعار تراجعت", "أشار", "الخبير", False),
    ("وأفاد شهود بأن النهر فاض ليلا.", "النهر فاض ليلا", "أفاد", "شهود", False),
    ("وأعلنت البلدية إغلاق السوق القديم.", "إغلاق السوق القديم", "أعلنت", "البلدية", False),
    ("وشدد المدير على ضرورة توفير المياه.", "ضرورة توفير المياه", "شدد", "المدير", False),
    ("غرقت سفينة صيد قرب الميناء، بحسب خفر السواحل.", "غرقت سفينة صيد قرب الميناء", "بحسب", "خفر السواحل", False),
    ("تضررت عشرة منازل وفقا للدفاع المدني.", "تضررت عشرة منازل", "وفقا", "لدفاع المدني", False),
    ("عادت السفن إلى الميناء، بحسب ليبيا.", "عادت السفن إلى الميناء", "بحسب", "ليبيا", False),
    ("تأخرت الرحلة ساعتين نقلا عن موظف المطار.", "تأخرت الرحلة ساعتين", "نقلا", "موظف المطار", False),
    ("وبحسب التقرير، انخفض الإنتاج كثيرا.", "انخفض الإنتاج كثيرا", "بحسب", "التقرير", False),
]
NONE = [
    "وصل الوزير إلى المدينة.",
    "يذكر أن الملعب بني قبل عشرين عاما.",
    "ولم يكشف عن أسماء الفائزين.",
    "وقال.",
    "قال إن",
    "",
]


def quotes_of(text: str, names: tuple[Name, ...] = ()) -> tuple[QuoteSpan, ...]:
    return find_quotes(text, tokenize_sentences(text, split_sentences(text)), names)


def cut(text: str, span: tuple[int, int] | None) -> str | None:
    return None if span is None else text[span[0] : span[1]]


@pytest.mark.parametrize(("text", "content", "cue", "speaker", "direct"), ONE)
def test_table(text: str, content: str, cue: str, speaker: str | None, direct: bool) -> None:
    (quote,) = quotes_of(text)
    assert text[quote.start : quote.end] == content
    assert cut(text, quote.cue) == cue
    assert cut(text, quote.speaker) == speaker
    assert quote.direct is direct


@pytest.mark.parametrize("text", NONE)
def test_no_speech_no_quote(text: str) -> None:
    assert find_quotes(text, [tokenize(text)]) == ()


def test_a_chained_cue_ends_the_content() -> None:
    text = "وقال الرئيس إن الموسم كان صعبا، مضيفا أن الأمطار تأخرت، مؤكدا أنها ستعود."
    assert [(text[q.start : q.end], cut(text, q.cue)) for q in quotes_of(text)] == [
        ("الموسم كان صعبا", "قال"),
        ("الأمطار تأخرت", "مضيفا"),
        ("أنها ستعود", "مؤكدا"),
    ]


def test_open_marks_go_on_in_the_next_sentence_without_a_cue() -> None:
    text = 'وقال الطبيب: "المريض بخير الآن. سيعود إلى بيته غدا". ثم أغلق الباب.'
    assert [(text[q.start : q.end], cut(text, q.cue), q.direct) for q in quotes_of(text)] == [
        ("المريض بخير الآن", "قال", True),
        ("سيعود إلى بيته غدا", None, True),
    ]


def test_a_mark_that_never_closes_ends_with_its_sentence() -> None:
    text = 'وقال الطبيب: "المريض بخير الآن. وسافر الوفد إلى العاصمة.'
    assert [text[q.start : q.end] for q in quotes_of(text)] == ["المريض بخير الآن"]


def test_a_speaker_runs_on_to_the_person_named() -> None:
    text = "وقال الخبير في شؤون الزراعة سالم البدري إن القمح وفير."
    start = text.index("سالم")
    name = Name(start, start + len("سالم البدري"), "PER", None, "test")
    (quote,) = quotes_of(text, (name,))
    assert cut(text, quote.speaker) == "الخبير في شؤون الزراعة سالم البدري"


@pytest.mark.parametrize(
    "text", [row[0] for row in ONE] + NONE + ["قال: \"«''", "''", "«قال»: إن أن أنه", "بحسب ، وفق ل"]
)
def test_every_prefix_of_a_text_gives_spans_inside_it(text: str) -> None:
    for length in range(len(text) + 1):
        part = text[:length]
        for quote in quotes_of(part):
            for span in ((quote.start, quote.end), quote.cue, quote.speaker):
                if span is not None:
                    assert 0 <= span[0] < span[1] <= len(part)
                    assert part[span[0] : span[1]].strip() == part[span[0] : span[1]]


def test_the_word_list_knows_each_word_once() -> None:
    rows = table("speech_verbs")
    assert len({row["lemma"] for row in rows}) >= 100
    assert len({normal_form(row["word"]) for row in rows}) == len(rows)
    assert {row["form"] for row in rows} == {"perfect", "imperfect", "participle", "noun", "source"}
    assert all(row["stance"] for row in rows)
