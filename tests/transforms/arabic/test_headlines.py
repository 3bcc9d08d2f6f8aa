"""Date lines at the head of plain newspaper files."""

import pytest

from transforms.arabic.headlines import find_head_date

BODY = (
    "قال الوزير إن الأعمال تجري كما خطط لها وإن المرحلة الثانية تبدأ بعد أن تسلم الشركة تقريرها إلى اللجنة التي شكلت قبل عام. "
    * 2
)


@pytest.mark.parametrize(
    ("lines", "moment", "rule"),
    [
        (
            ["صحيفة الشرق - السنة الثانية", "الاثنين 9 تموز 2012 الموافق 19 شعبان 1433 هـ", "", BODY],
            "2012-07-09",
            "line",
        ),
        (["افتتاح جسر جديد", "صحيفة الوطن - العدد 2403 الأثنين 9 يوليو 2012", BODY], "2012-07-09", "line"),
        (["جدل حول المرور", ":السبت ,21/07/2012 الوسط التونسيه", BODY], "2012-07-21", "line"),
        (["الاتحاد يشيد بالتقدم", "الثلاثاء, 20-نوفمبر-2012", BODY], "2012-11-20", "line"),
        (["خبر", "14/06/2012 10:05:11", BODY], "2012-06-14T10:05:11", "line"),
        (["خبر", "نشر يوم 12-10-1433 هـ", BODY], "2012-08-30", "line"),
        (["خبر", "السبت 5 أيار-مايو 2012", BODY], "2012-05-05", "line"),
        (["خبر", "5 جوان 2012", BODY], "2012-06-05", "line"),
        (["خبر", "3 غشت", "الرباط - المساء 2012", BODY], "2012-08-03", "line,year-beside"),
        (["خبر", "3 غشت", BODY], "2013-08-03", "line,year-of-file"),
        (["خبر", "الاثنين 9 تموز", BODY], "2012-07-09", "line,year-of-file"),
        (["خبر", "تونس في 05 جوان /وات/ - " + BODY], "2013-06-05", "dateline,year-of-file"),
        (["خبر", "تونس في 05 جوان 2012 /وات/ - " + BODY], "2012-06-05", "dateline"),
        (["خبر", "القاهرة - 9 يوليو 2012 (رويترز): " + BODY], "2012-07-09", "dateline"),
        (["ذكرى ثورة 25 يناير 2011 في الميدان", "بقلم: كاتب", "الأربعاء 25 يناير 2012", BODY], "2012-01-25", "line"),
        (["مؤتمر للحوار يعقد في 20 نوفمبر 2013", "الثلاثاء 20 نوفمبر 2012", BODY], "2012-11-20", "line"),
    ],
)
def test_find_head_date(lines: list[str], moment: str, rule: str) -> None:
    found = find_head_date(lines, 2013)
    assert found
    assert (found.moment.isoformat().removesuffix("+00:00").removesuffix("T00:00:00"), found.offset, found.rule) == (
        moment,
        None,
        rule,
    )


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["", BODY],
        ["القاهرة - (رويترز): " + BODY],
        ["في ذكرى ثورة 25 يناير 2011", BODY],
        ["الوزير يفتتح الجسر الجديد في 9 تموز 2012", BODY],
        ["خبر", "الأحد 9 تموز", BODY],  # a Sunday in neither year
        ["خبر", BODY + " في 9 تموز 2012 (رويترز)"],
        ["من 3 تموز 2012 إلى 9 تموز 2012", BODY],
        [BODY] * 20 + ["الاثنين 9 تموز 2012"],
    ],
)
def test_no_head_date(lines: list[str]) -> None:
    assert find_head_date(lines, 2013) is None
