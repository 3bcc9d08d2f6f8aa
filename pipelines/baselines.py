"""Baselines: other ways to divide words, for `pipelines.evaluate words --by`, with the same tokens as answer.

Knows: rules that need no dictionary, and camel-tools' word tokenizer, which divides no clitics; its morphology would need
databases that are downloaded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from schemas.token import Token
from transforms.arabic.characters import normal_form, plain_form
from transforms.arabic.tokens import tokenize

#: Pronouns that are seldom the end of a stem.
_PRONOUNS: Final = ("هما", "ها", "هم", "نا", "ه")
#: A stem has so many letters at least, before a pronoun one more.
_STEM: Final = 3


def by_rules(text: str) -> tuple[Token, ...]:
    """Clitics by spelling alone: و before three letters or ال, ب ك ل before ال, ال, and the commonest pronouns."""
    return tuple(_ruled(token) if token.kind == "word" else token for token in tokenize(text))


def _ruled(token: Token) -> Token:
    rest, proclitics = plain_form(token.text), list[str]()
    if rest[:1] == "و" and (len(rest) > _STEM or rest[1:3] == "ال"):
        proclitics.append(rest[0])
        rest = rest[1:]
    if rest[:2] == "لل" and len(rest) > _STEM + 1:
        proclitics += ["ل", "ال"]
        rest = rest[2:]
    else:
        if rest[:1] in ("ب", "ك") and rest[1:3] == "ال":
            proclitics.append(rest[0])
            rest = rest[1:]
        if rest[:2] == "ال" and len(rest) > _STEM + 1:
            proclitics.append("ال")
            rest = rest[2:]
    pronoun = ""
    if "ال" not in proclitics:
        ends = (p for p in _PRONOUNS if rest.endswith(p) and len(rest) - len(p) > _STEM)
        pronoun = next(ends, "")
        rest = rest.removesuffix(pronoun)
    return token._replace(proclitics=tuple(proclitics), stem=normal_form(rest), enclitic=pronoun)


def by_camel_tools(text: str) -> tuple[Token, ...]:
    """The words of camel-tools' `simple_word_tokenize`, undivided."""
    from camel_tools.tokenizers.word import simple_word_tokenize

    def placed(words: Sequence[str]) -> Iterator[Token]:
        at = 0
        for word in words:
            at = text.index(word, at)
            norm = normal_form(word)
            yield Token(at, at + len(word), "word", word, norm, (), norm, "", at)
            at += len(word)

    return tuple(placed(simple_word_tokenize(text)))


#: Ways to divide words by name; the first is the project's own.
WAYS: Final[Mapping[str, Callable[[str], tuple[Token, ...]]]] = {
    "ranker": tokenize,
    "rules": by_rules,
    "camel-tools": by_camel_tools,
}
