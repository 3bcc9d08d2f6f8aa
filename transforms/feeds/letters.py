"""Letters that were lost for good: some program wrote question marks or boxes where it knew no letter.

Knows: what cannot be a question.  Does not know: which words are Arabic.
"""

import re
from typing import Final

from transforms.feeds.errors import BadInput

_LETTERS: Final = "\u0621-\u064a"
#: What stands for a lost letter and nothing else in Arabic, where it touches one; a question mark may end a question.
_SIGNS: Final = "\u00bf\u25a1"
#: Words that are nothing but marks, and words with some inside or before.
_LOST = re.compile(
    rf"(?<!\S)[(\[«\"]?[?{_SIGNS}]{{2,}}(?=[\s?.,:)\]»\"]|$)|[{_LETTERS}]\?+[{_LETTERS}]|(?<!\S)\?+[{_LETTERS}]"
    rf"|[{_LETTERS}][{_SIGNS}]|[{_SIGNS}][{_LETTERS}]"
)
_REPLACED: Final = "\ufffd"
#: A mark for each word: in real text one that stands alone is a question's, after a space, or a list's.
_ALONE = re.compile(rf"[?{_SIGNS}]")
#: May be a question's last word.
_ENDED = re.compile(rf"[{_LETTERS}]{{2}}\?[.,:\u060c\u061b)\]»\"]*$")
#: Stands at the end of one word in eight, and is what programs lose most: its absence tells.
_FRAIL: Final = "\u0629"
#: So many words that end in question marks are no questions where they are one word in three, or, with no teh marbuta
#: in the whole text, one in twenty.
_LEAST, _QUESTIONS, _FRAIL_QUESTIONS = 4, 3, 20
#: One word in so many that has a replacement character is more than a slip.
_SLIPS: Final = 20


def lost_letters(*texts: str | None) -> tuple[str, ...]:
    """`letters-lost` where words of the texts have marks in place of letters.

    A question mark at a word's end counts where so many words have one that they cannot be questions.  Raises BadInput
    (`letters-lost`) where most words are so.
    """
    words = [word for text in texts if text for word in text.split()]
    marked = sum(1 for word in words if _LOST.search(word))
    replaced = sum(1 for word in words if _REPLACED in word)
    ended = _not_questions(words)
    alone = sum(1 for word in words if _ALONE.fullmatch(word))
    lost = sum(1 for word in words if _LOST.search(word) or _REPLACED in word) + ended
    if lost + alone > len(words) / 2:
        raise BadInput("letters-lost", f"{lost + alone} of {len(words)} words have lost letters")
    return ("letters-lost",) if marked or ended or (replaced > 1 and replaced * _SLIPS > len(words)) else ()


def _not_questions(words: list[str]) -> int:
    """How many words end in a question mark for a letter; 0 where they may be questions."""
    ended = sum(1 for word in words if _ENDED.search(word) and not _LOST.search(word))
    if ended < _LEAST:
        return 0
    frail = any(_FRAIL in word for word in words)
    return ended if ended * (_QUESTIONS if frail else _FRAIL_QUESTIONS) > len(words) else 0
