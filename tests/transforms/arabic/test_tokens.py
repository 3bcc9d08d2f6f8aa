"""Tokens: offsets are right for any text, and clitics are told apart in plain cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.arabic.sentences import split_sentences
from transforms.arabic.tokens import split_clitics, tokenize, tokenize_sentences


@pytest.mark.parametrize(
    ("norm", "proclitics", "stem"),
    [
        ("وبالقاهره", ("و", "ب", "ال"), "قاهره"),
        ("للامم", ("ل", "ال"), "امم"),
        ("الوزير", ("ال",), "وزير"),
        ("وزير", (), "وزير"),
        ("ولد", (), "ولد"),
    ],
)
def test_clitics(norm: str, proclitics: tuple[str, ...], stem: str) -> None:
    assert split_clitics(norm) == (proclitics, stem, "")


@given(st.text(alphabet="والبلفكسقتل ًّـ.,؟0123٤٥ab/:@#\n", max_size=80))
def test_offsets_cut_the_tokens_own_text(text: str) -> None:
    sentences = split_sentences(text)
    for tokens, (start, end) in zip(tokenize_sentences(text, sentences), sentences, strict=True):
        for token in tokens:
            assert text[token.start : token.end] == token.text
            assert start <= token.start <= token.host_start <= token.end <= end


def test_numbers_addresses_and_tags_are_whole() -> None:
    kinds = {t.text: t.kind for t in tokenize("بلغ 3.5% و1,200 في 14/3/2024 على https://a.b/ج #حلب_تحترق @user")}
    assert {
        "3.5%": "number",
        "1,200": "number",
        "14/3/2024": "number",
        "#حلب_تحترق": "hashtag",
    }.items() <= kinds.items()
    assert kinds["https://a.b/ج"] == "url"
