"""Lines around an article: which go, and which only begin like them."""

from pathlib import Path

import pytest

from schemas.item import RawInput
from transforms.arabic.boilerplate import without_boilerplate
from transforms.feeds.html import parse_page

BODY = [
    "قال وزير الطاقة إن المحطة الجديدة ستبدأ العمل مطلع العام.",
    "وأضاف أن كلفتها أقل من المتوقع.",
    "وحضر الافتتاح عدد من السفراء.",
]


@pytest.mark.parametrize(
    "line",
    ["اقرأ أيضا: افتتاح طريق", "إقرأ أيضاً", "» اقرأ أيضًا | الوزير في جولة", "شارك الخبر فيسبوك تويتر واتساب", "شارك", "نسخ الرابط",
     "تصوير: مراسلنا", "مصدر الصورة: رويترز", "صورة أرشيفية", "أخبار ذات صلة", "تابعونا على تلغرام", "* إعلان *"],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 1, 3])
def test_such_lines_go(line: str, place: int) -> None:
    lines = [*BODY[:place], line, *BODY[place:]]
    assert without_boilerplate("\n".join(lines)) == "\n".join(BODY)


@pytest.mark.parametrize(
    "line",
    ["شارك في الاجتماع وزراء من خمس دول.", "مشاركة واسعة في الانتخابات بحسب اللجنة.", "أرشيفية المتحف تضم ألف وثيقة.", "إعلان دمشق يدعو إلى الحوار.",
     "المزيد من القتلى سقطوا أمس.", "اقرأ أيضا " + "في التاريخ " * 30, "ترحب شبكة المنظمات بالاتفاق."],
)  # fmt: skip
def test_lines_of_the_article_stay(line: str) -> None:
    text = "\n".join([line, *BODY])
    assert without_boilerplate(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "ظهرت المقالة افتتاح المحطة أولاً على موقع الأخبار.",
        "The post X appeared first on Y.",
        "جميع الحقوق محفوظة 2024",
        "الآراء الواردة أدناه لا تعبر عن رأي الموقع",
    ],
)
def test_a_notice_ends_the_article(line: str) -> None:
    assert without_boilerplate("\n".join([*BODY, line, "سطر بعده"])) == "\n".join(BODY)


def test_something_is_left_always() -> None:
    assert without_boilerplate("اقرأ أيضا: خبر") == "اقرأ أيضا: خبر"


# Pages of publishers, outside the project.
PAGES = Path("/work/shared/html")


@pytest.mark.skipif(not PAGES.is_dir(), reason="publishers' pages are not here")
def test_a_publishers_page_comes_out_as_its_article_alone() -> None:
    name = "newspaper4k_arabic_article"
    raw = RawInput(input=name, format="html", payload=(PAGES / f"{name}.html").read_bytes())
    expected = (PAGES / f"{name}.txt").read_text("utf-8").split()
    assert without_boilerplate(parse_page(raw).text or "").split() == expected
