"""A word of the text with its clitics told apart.  Tokens are recomputed, never stored or sent over a shuffle."""

from typing import Final, NamedTuple

#: Values of `Token.kind`.
TOKEN_KINDS: Final = ("word", "latin", "number", "url", "hashtag", "handle", "punct")


class Token(NamedTuple):
    """One token; offsets are code points into the article's text, end exclusive.

    For `وبالقاهرة`: proclitics ("و", "ب", "ال"), stem "قاهره", enclitic ""; for `لجامعتهم`: ("ل",), "جامعه", "هم": the
    stem is spelled as without its pronoun.  A preposition of one letter with a pronoun is a stem: `بها` is (), "ب", "ها".
    After `ل` the article loses its alef: `للأمم` is ("ل", "ال"), "امم", and `host_start` points at the second letter.
    `stem`, `norm` and clitics are in the normal form of `transforms.arabic.characters.normal_form`; `text` is as
    written.  Numbers with their separators, addresses (mail too: `url`) and tags are one token each.
    """

    start: int
    end: int
    kind: str
    text: str
    norm: str  # normal form of the whole token
    proclitics: tuple[str, ...]  # any of و ف ب ل ك س ال, outermost first
    stem: str  # normal form of what remains between the clitics, without ال
    enclitic: str  # pronoun suffix in normal form, or ""
    host_start: int  # where a name that begins in this token begins: after و ف ب ل ك س, before ال

    @property
    def definite(self) -> bool:
        return self.proclitics[-1:] == ("ال",)
