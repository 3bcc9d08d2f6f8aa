"""Quotes: a table of the plain patterns, each written for this test."""

import pytest

from transforms.arabic.quotes import find_quotes
from transforms.arabic.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "content", "cue", "speaker", "direct"),
    [
        ("وقال وزير الداخلية في بيان إن التحقيق مستمر.", "التحقيق مستمر", "قال", "وزير الداخلية", False),
        ("وأضاف المصدر: لن نقبل بأي شرط.", "لن نقبل بأي شرط", "أضاف", "المصدر", True),
        ("وأوضح أنه سيغادر غدا.", "أنه سيغادر غدا", "أوضح", None, False),
    ],
)
def test_table(text: str, content: str, cue: str, speaker: str | None, direct: bool) -> None:
    (quote,) = find_quotes(text, [tokenize(text)])
    assert text[quote.start : quote.end] == content
    assert quote.cue is not None
    assert text[slice(*quote.cue)] == cue
    assert (quote.speaker and text[slice(*quote.speaker)]) == speaker
    assert quote.direct is direct


def test_no_speech_no_quote() -> None:
    assert find_quotes("وصل الوزير إلى المدينة.", [tokenize("وصل الوزير إلى المدينة.")]) == ()
