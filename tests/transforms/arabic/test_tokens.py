"""Tokens: offsets are right for any text, numbers, addresses and tags are whole, and clitics are told apart."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.arabic.sentences import split_sentences
from transforms.arabic.tokens import TYPES, tokenize, tokenize_sentences


def split_clitics(word: str, before: str = "", after: str = "") -> tuple[tuple[str, ...], str, str]:
    """Proclitics (outermost first), stem and enclitic in normal form of a word as written, between its neighbours."""
    form = TYPES.divided(word)
    if word in TYPES.choices:
        form = TYPES.in_context(word, TYPES.other(before, "word")[7:], TYPES.other(after, "word")[7:])
    return form[2:5]


@pytest.mark.parametrize(
    ("word", "proclitics", "stem", "enclitic"),
    [
        # the article and what stands before it
        ("وبالقاهرة", "و ب ال", "قاهره", ""),
        ("للأمم", "ل ال", "امم", ""),
        ("للغة", "ل ال", "لغه", ""),
        ("لله", "ل", "الله", ""),
        ("الوزير", "ال", "وزير", ""),
        ("كالعادة", "ك ال", "عاده", ""),
        ("فالحكومة", "ف ال", "حكومه", ""),
        # proclitics without it
        ("وقال", "و", "قال", ""),
        ("ولبنان", "و", "لبنان", ""),
        ("بلبنان", "ب", "لبنان", ""),
        ("فقد", "ف", "قد", ""),
        ("سيقصفون", "س", "يقصفون", ""),
        ("وستعلن", "و س", "تعلن", ""),
        ("لمدينة", "ل", "مدينه", ""),
        ("بأن", "ب", "ان", ""),
        # first letters that only look like proclitics
        ("وزير", "", "وزير", ""),
        ("ولد", "", "ولد", ""),
        ("فلسطين", "", "فلسطين", ""),
        ("فقط", "", "فقط", ""),
        ("بغداد", "", "بغداد", ""),
        ("بيان", "", "بيان", ""),
        ("لندن", "", "لندن", ""),
        ("لم", "", "لم", ""),
        ("كان", "", "كان", ""),
        ("كما", "", "كما", ""),
        ("سيارة", "", "سياره", ""),
        ("سوريا", "", "سوريا", ""),
        ("إلكترونية", "", "الكترونيه", ""),
        # pronouns, and endings that only look like them
        ("لجامعتهم", "ل", "جامعه", "هم"),
        ("وزرائه", "", "وزراء", "ه"),
        ("مستواها", "", "مستوي", "ها"),
        ("نشرتها", "", "نشرت", "ها"),
        ("وعليها", "و", "علي", "ها"),
        ("بها", "", "ب", "ها"),
        ("له", "", "ل", "ه"),
        ("اتجاه", "", "اتجاه", ""),
        ("مياه", "", "مياه", ""),
        ("انتهاك", "", "انتهاك", ""),
        ("مهم", "", "مهم", ""),
    ],
)
def test_clitics(word: str, proclitics: str, stem: str, enclitic: str) -> None:
    assert split_clitics(word) == (tuple(proclitics.split()), stem, enclitic)


def test_neighbours_decide_where_the_word_alone_is_ambiguous() -> None:
    assert split_clitics("التقى", "", "الرئيس") == ((), "التقي", "")
    assert split_clitics("وضع", "", "الجيش") == ((), "وضع", "")
    assert split_clitics("فقد", "", "قال") == (("ف",), "قد", "")


@pytest.mark.parametrize(
    ("written", "host"),
    [("وَبِالقاهرة", "القاهرة"), ("لمصر", "مصر"), ("للأمم", "لأمم"), ("وسوريا", "سوريا"), ("وزير", "وزير")],
)
def test_a_name_begins_after_the_proclitics_and_before_the_article(written: str, host: str) -> None:
    (token,) = tokenize(written)
    assert written[token.host_start :] == host


@given(st.text(alphabet="والبلفكسقتلهاةىمنأي ًّـ.,؟0123٤٥۶ab/:@#\n", max_size=80))
def test_offsets_cut_the_tokens_own_text(text: str) -> None:
    sentences = split_sentences(text)
    for tokens, (start, end) in zip(tokenize_sentences(text, sentences), sentences, strict=True):
        for token in tokens:
            assert text[token.start : token.end] == token.text
            assert start <= token.start <= token.host_start <= token.end <= end
            assert token.stem or not token.norm


@pytest.mark.parametrize(
    ("text", "whole", "kind"),
    [
        ("بلغ 3.5% اليوم", "3.5%", "number"),
        ("نحو 1,200 شخص", "1,200", "number"),
        ("و٣٫٥ مليون", "٣٫٥", "number"),
        ("في 14/3/2024.", "14/3/2024", "number"),
        ("في 2018-2019", "2018-2019", "number"),
        ("عند 10:30، قال", "10:30", "number"),
        ("على https://a.b/ج?x=1. ثم", "https://a.b/ج?x=1", "url"),
        ("(www.bbc.com)", "www.bbc.com", "url"),
        ("موقع bbc.com/arabic، وقال", "bbc.com/arabic", "url"),
        ("إلى info@spa.gov.sa.", "info@spa.gov.sa", "url"),
        ("وسم #حلب_تحترق.", "#حلب_تحترق", "hashtag"),
        ("وسم #حُرّية", "#حُرّية", "hashtag"),
        ("كتب @user_1:", "@user_1", "handle"),
    ],
)
def test_numbers_addresses_and_tags_are_whole(text: str, whole: str, kind: str) -> None:
    assert (whole, kind) in [(t.text, t.kind) for t in tokenize(text)]


def test_tables_load_at_the_first_word_and_not_at_import() -> None:
    code = (
        "import time; t = time.process_time(); import transforms.arabic.tokens as tokens; t = time.process_time() - t;"
        "from transforms.arabic import clitics; print(t, clitics.counts.cache_info().currsize)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert float(told[0]) < 1
    assert told[1] == "0"


@pytest.mark.parametrize("piece", ["وال", "a.", "a-", "www.", "1-", "ـ", "@", "لل "])
def test_time_grows_with_the_text_only(piece: str) -> None:
    started = time.process_time()
    tokenize(piece * 50_000)
    assert time.process_time() - started < 20
