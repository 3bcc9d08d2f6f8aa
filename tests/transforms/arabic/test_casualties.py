"""Dead and injured by sentence and by event."""

import pytest

from tests.documents import document
from transforms.arabic.casualties import find_tolls, sums_up, tolls_of
from transforms.entities import annotate_mentions
from transforms.segment import segment


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("قتل 12 شخصا بينهم طفلان وأصيب نحو ثلاثين آخرين في قصف على البلدة.", "killed 12-12, injured 30-30"),
        ("أسفر الهجوم عن مقتل جنديين وإصابة خمسة بجروح.", "killed 2-2, injured 5-5"),
        ("أدت الغارة إلى مقتل ما لا يقل عن 20 مدنيا.", "killed 20-None"),
        ("خلف التفجير 25 قتيلا و40 جريحا.", "killed 25-25, injured 40-40"),
        ("سقط عشرات القتلى في المعارك.", ""),
        ("قتل متظاهر برصاص الشرطة.", "killed 1-1"),
        ("قال المصدر إن 14 مقاتلا لقوا حتفهم في الغارة.", "killed 14-14"),
        ("وقتل أمس في قصف على المدينة ثلاثة جنود.", "killed 3-3"),
        ("أعلنت الوزارة مقتل وإصابة 55 مسلحا.", ""),
        ("ارتفع عدد القتلى إلى 105.", "killed 105-105"),
        ("دمر القصف 12 منزلا وثلاث سيارات.", ""),
        ("سقط الصاروخ في أرض خالية دون وقوع إصابات.", "killed 0-0, injured 0-0"),
        ("اعتقلت الشرطة 40 متظاهرا.", ""),
    ],
)
def test_tolls(text: str, tolls: str) -> None:
    doc = annotate_mentions(segment(document(text)))
    found = find_tolls(doc.tokens[0], doc.mentions)
    assert ", ".join(f"{t.kind} {t.least}-{t.most}" for t in found) == tolls
    assert all(0 <= t.start < t.end <= len(text) for t in found)


def test_a_toll_goes_to_the_event_that_it_stands_in_else_to_the_one_before() -> None:
    text = "أدى القصف إلى مقتل ثلاثة مدنيين، ثم اندلعت اشتباكات."
    doc = annotate_mentions(segment(document(text)))
    tolls = find_tolls(doc.tokens[0], doc.mentions)
    shelling, death, clashes = ((text.index(w), text.index(w) + len(w)) for w in ("القصف", "مقتل", "اشتباكات"))
    assert tolls_of(tolls, [shelling, death, clashes]) == [{}, {"killed": tolls[0]}, {}]
    assert tolls_of(tolls, [shelling, clashes]) == [{"killed": tolls[0]}, {}]
    assert tolls_of(tolls, []) == []


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("قتل 12 شخصا في قصف على البلدة أمس.", [False]),
        ("قتل 12 جنديا منذ أمس في معارك حول البلدة.", [False]),
        ("قتل أكثر من 500 مدني منذ بدء التصعيد في الشمال.", [True]),
        ("وقتل نحو 900 شخص في البلاد منذ 2016.", [True]),
        ("قتل 300 شخص خلال ثلاث سنوات في المنطقة.", [True]),
        ("خلفت الحرب 4000 قتيل.", [True]),
        ("بلغ إجمالي عدد القتلى 70 في القرى الثلاث.", [True]),
        ("قتل خمسة مدنيين في القصف، ليرتفع عدد القتلى منذ بداية الحملة إلى 105.", [False, True]),
    ],
)
def test_a_total_is_told_from_the_toll_of_one_event(text: str, total: list[bool]) -> None:
    doc = annotate_mentions(segment(document(text)))
    assert [t.total for t in find_tolls(doc.tokens[0], doc.mentions)] == total


def test_a_total_belongs_to_no_single_raid() -> None:
    text = "قصفت الطائرات القرية أمس، وقتل 90 مدنيا منذ بدء الحملة."
    doc = annotate_mentions(segment(document(text)))
    tolls = find_tolls(doc.tokens[0], doc.mentions)
    raid, deaths = ((text.index(w), text.index(w) + len(w)) for w in ("قصفت", "قتل"))
    assert tolls_of(tolls, [raid, deaths], [1]) == [{}, {"killed": tolls[0]}]
    assert tolls_of(tolls, [raid]) == [{}]
    first, last = doc.tokens[0][0], [t for t in doc.tokens[0] if t.stem == "قتل"]
    assert not sums_up([first])
    assert sums_up(last)
