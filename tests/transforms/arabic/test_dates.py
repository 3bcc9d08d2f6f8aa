"""Dates in sentences."""

import json
import time
from datetime import date
from pathlib import Path

import pytest

from transforms.arabic.dates import find_dates
from transforms.arabic.tokens import tokenize

SHARED = Path(__file__).parents[3].parent / "shared"
PUBLISHED = date(2020, 6, 17)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "span", "first", "last"),
    [
        ("وصل الوفد مساء الأحد إلى المدينة", "مساء الأحد", "2020-06-14", "2020-06-14"),
        ("عقد الاجتماع يوم الأربعاء", "يوم الأربعاء", "2020-06-17", "2020-06-17"),
        ("سيصل الوزير الخميس", "الخميس", "2020-06-18", "2020-06-18"),
        ("اللقاء الأربعاء المقبل", "الأربعاء المقبل", "2020-06-24", "2020-06-24"),
        ("توقف العمل منذ عام 2011", "منذ عام 2011", "2011-01-01", "2011-12-31"),
        ("وقع في 12 شباط/فبراير 2019", "12 شباط/فبراير 2019", "2019-02-12", "2019-02-12"),
        ("الأسبوع الماضي", "الأسبوع الماضي", "2020-06-08", "2020-06-14"),
        ("بدأ قبل عشرة أيام", "قبل عشرة أيام", "2020-06-07", "2020-06-07"),
        ("الحادي والعشرين من آذار", "الحادي والعشرين من آذار", "2020-03-21", "2020-03-21"),
        ("يعقد في 25 من الشهر الجاري", "25 من الشهر الجاري", "2020-06-25", "2020-06-25"),
        ("خلال الأيام الماضية", "خلال الأيام الماضية", "None", "None"),
        ("مطلع الشهر الحالي", "مطلع الشهر الحالي", "2020-06-01", "2020-06-30"),
        ("ليل السبت الأحد", "ليل السبت الأحد", "2020-06-13", "2020-06-14"),
        ("توقف بضعة أيام", "بضعة أيام", "None", "None"),
        ("وسيطرت القوات السبت", "السبت", "2020-06-13", "2020-06-13"),
        ("وأمس عاد الهدوء", "أمس", "2020-06-16", "2020-06-16"),
        ("عرض بين 3 و7 نيسان 2019", "بين 3 و7 نيسان 2019", "2019-04-03", "2019-04-07"),
        ("دورة من 28 أيار إلى 2 حزيران 2019", "من 28 أيار إلى 2 حزيران 2019", "2019-05-28", "2019-06-02"),
        ("معارض بين عامي 2012 و2015", "بين عامي 2012 و2015", "2012-01-01", "2015-12-31"),
        ("يغلق الجسر يومي السبت والأحد المقبلين", "يومي السبت والأحد المقبلين", "2020-06-20", "2020-06-21"),
        ("هطل المطر خلال اليومين الماضيين", "خلال اليومين الماضيين", "2020-06-15", "2020-06-17"),
        ("تراجع السعر خلال السنوات الثلاث الماضية", "خلال السنوات الثلاث الماضية", "2017-01-01", "2020-12-31"),
        ("زرعت في صيف 2018", "صيف 2018", "2018-06-01", "2018-08-31"),
        ("رحل قبل ثلاثة عقود", "قبل ثلاثة عقود", "1990-01-01", "1990-12-31"),
        ("من المقرر أن تفتح المكتبة السبت", "السبت", "2020-06-20", "2020-06-20"),
        ("الطقس خلال الأيام القليلة الماضية", "خلال الأيام القليلة الماضية", "None", "None"),
        ("غاب عن النادي في ذلك اليوم", "ذلك اليوم", "None", "None"),
        ("فاز بكأس العالم 2014", "2014", "2014-01-01", "2014-12-31"),
    ],
)
def test_find_dates(text: str, span: str, first: str, last: str) -> None:
    (found,) = find_dates(tokenize(text), PUBLISHED)
    assert text[found.start : found.end] == span
    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "مارس الرجل الرياضة",
        "وقع القصف في إب",
        "قال الوزير إن الوضع هادئ",
        "",
        "99/99/2020",
        "صرح زعيم قوى 14 آذار",
        "رحل الفنان، 71 عاما، في بيته",
        "اتصلوا على 0123456",
        "انتهت المباراة 3-1",
        "نقلت قناة روسيا اليوم",
        "موعد 31 فبراير 2020",
    ],
)
def test_no_dates(text: str) -> None:
    assert find_dates(tokenize(text), PUBLISHED) == ()


def test_relative_dates_without_publication_have_no_value() -> None:
    (found,) = find_dates(tokenize("وصل أمس"), None)
    assert (found.first, found.last) == (None, None)


def test_long_sentence_without_stops_is_linear() -> None:
    tokens = tokenize("يوم الأحد من شهر " * 4000)
    begin = time.process_time()
    find_dates(tokens[: len(tokens) // 2], PUBLISHED)
    half = time.process_time() - begin
    begin = time.process_time()
    find_dates(tokens, PUBLISHED)
    assert time.process_time() - begin < 6 * half + 0.05


def test_shared_dates() -> None:
    path = SHARED / "dates" / "dates_dev.jsonl"
    if not path.exists():
        pytest.skip("needs /work/shared/dates")
    wrong = []
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        spans = find_dates(tokenize(case["text"]), date.fromisoformat(case["published"]))
        if [(str(s.first), str(s.last)) for s in spans] != [(case["start"], case["end"])]:
            wrong.append((case["id"], spans))
    assert wrong == []
