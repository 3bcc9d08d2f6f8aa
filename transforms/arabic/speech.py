"""Words of speech: the forms of the verbs in data/speech_verbs.tsv, each with its lemma, stance and what opens its content.

Knows: perfect, imperfect and accusative participle, singular, dual and plural, and a pronoun object on the perfect.
Does not know: passives and the first and second person.
"""

import functools
from collections.abc import Iterator
from typing import NamedTuple

from transforms.arabic.characters import normal_form
from transforms.arabic.lexicon import table


class Cue(NamedTuple):
    """One form of a verb of speech."""

    lemma: str
    shape: str  # perfect, imperfect, participle, noun, or object (a perfect with a pronoun object)
    takes: frozenset[str]  # column `takes` of the table
    stance: str
    gender: str  # m, f, or p for duals and plurals


@functools.cache
def forms() -> dict[str, Cue]:
    """Every form in normal form; where verbs share one, the first of the table has it."""
    found: dict[str, Cue] = {}
    for row in table("speech_verbs"):
        takes, stance = frozenset(map(normal_form, row["takes"].split())), row["stance"]
        for form, shape, gender in _inflected(row):
            found.setdefault(normal_form(form), Cue(row["lemma"], shape, takes, stance, gender))
    return found


def _inflected(row: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    perfect, imperfect, participle = row["lemma"], row["imperfect"], row["participle"]
    stem = perfect[:-1] if perfect[-1] in "ىا" else perfect
    yield from ((perfect, "perfect", "m"), (stem + "ت", "perfect", "f"), (stem + "تا", "perfect", "p"))
    yield from (((stem if stem == perfect else stem + "ي") + "ا", "perfect", "p"), (stem + "وا", "perfect", "p"))
    if stem == perfect:
        yield from ((perfect + end, "object", "m") for end in ("ه", "ها", "هم"))
        yield from ((perfect + end, "object", "f") for end in ("ته", "تها", "تهم"))
    if imperfect:
        rest = imperfect[1:]
        short = rest[:-1] if rest[-1] in "يىو" else rest
        yield from (("ي" + rest, "imperfect", "m"), ("ت" + rest, "imperfect", "f"))
        yield from (("ي" + short + "ون", "imperfect", "p"), ("ي" + rest + "ان", "imperfect", "p"))
    if participle and participle[-1] not in "ود":
        yield from ((participle + "ا", "participle", "m"), (participle + "ة", "participle", "f"))
        yield from ((participle + "ين", "participle", "p"), (participle + "ان", "participle", "p"))
    elif participle.endswith("د"):
        yield from ((participle + "ا", "participle", "m"), (participle + "ة", "participle", "f"))
        yield (participle + "ين", "participle", "p")
    yield from ((noun, "noun", "f" if noun.endswith("ها") else "m") for noun in row["nouns"].split())
