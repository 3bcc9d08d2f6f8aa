"""Sentences: a case of each kind of end, and of each stop that ends nothing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.arabic.sentences import split_sentences


@pytest.mark.parametrize(
    "marked",
    [  # ‖ stands where a sentence is to end
        "وصل الوزير إلى دمشق. ‖وقال إنه عائد! ‖فهل يعود؟ ‖ربما… ‖وذهب",
        "دمشق - سانا: قال مصدر إن الجيش تقدم. ‖وأضاف أنه باق.",
        "القاهرة (رويترز) - قتل شخصان. ‖وأصيب ثالث.",
        "عنوان بلا نقطة‖\nدمشق‖\nقال مصدر ذلك. ‖ثم صمت.",
        "بلغت النسبة 3.5 في المئة. ‖وكانت 2.1 قبل عام.",
        "وصل د. محمد علي وم. سعيد إلى القصر. ‖ثم غادرا.",
        "قال أ.د. حسن إن ذلك صحيح.",
        "كتب ت. س. إليوت قصيدة. ‖وكتبت J. K. Rowling رواية.",
        "صدر عام 2014 م. ‖وأعيد نشره.",
        "كان ذلك مؤسفًا جدًّا. ‖وقد مضى.",
        'قال "باتت المدينة أهدأ (...) وهذا يعني عودة السكان". ‖وأضاف أنه باق.',
        'قال: "لن نذهب. ‖لن نعود." ‖وأضاف أنه باق.',
        'سأل: "من أنت؟" قائلا إنه لا يعرفه.',
        "هتفوا «نوفمبر قادم!» ‖ودخلوا القاعة.",
        'وأكد أنه "لن يقبل بأي حل لا يضمن الحقوق" ‖وأضاف أن الحل قريب.',
        'وصف الأمر بأنه "كارثة" وأضاف أنه باق.',
        "1. وقف إطلاق النار. ‖2. تبادل الأسرى.",
        "أ. وقف إطلاق النار.",
        "أسماء مفاجئة.. هكذا كانت العرب تسمي الأيام‖\nتعرف العرب الأيام.",
        "الموقع www.bbc.com مفتوح. ‖وكذلك https://a.b/c.d?e=1 اليوم.",
        "سعره 1.200.000 ليرة.",
        "قال Mr. Smith ذلك. ‖وصمت.",
        "انظر ص. 15 من التقرير.",
    ],
)
def test_ends(marked: str) -> None:
    text = marked.replace("‖", "")
    assert [text[start:end] for start, end in split_sentences(text)] == [s.strip() for s in marked.split("‖")]


@given(st.text(alphabet='ابو م.!؟…"») \n1a', max_size=80))
def test_sentences_hold_all_letters_in_order(text: str) -> None:
    spans = split_sentences(text)
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""


@pytest.mark.parametrize("piece", [".", ". ", '" ', "ا. ", 'ا" ', " \n", "ا ", '…"'])
def test_time_grows_with_the_text_only(piece: str) -> None:
    started = time.process_time()
    split_sentences(piece * 100_000)
    assert time.process_time() - started < 20
