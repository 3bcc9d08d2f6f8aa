"""Trigger words: what an event's first word tells by itself, and how it is told.

Knows: stem, consonants, word groups, letters of verbs and articles.  Does not know: what stands around it.
"""

import functools
from typing import NamedTuple

from schemas.token import Token
from transforms.arabic.roots import consonants
from transforms.arabic.scene import Scene, Told
from transforms.arabic.verbs import groups, verbal


class Key(NamedTuple):
    """What an event's first trigger word tells."""

    stem: str
    root: str
    coarse: str
    middle: str
    shape: str


def trigger_key(scene: Scene, event: Told) -> Key:
    """Stem, consonants, word groups and shape of an event's first trigger word."""
    token = scene.tokens[event.sentence][event.first]
    return _key(token.norm, token.stem)


@functools.lru_cache(maxsize=1 << 14)
def _key(norm: str, stem: str) -> Key:
    coarse, middle, _ = groups(norm)
    bare = norm[1:] if norm[:1] in "وف" else norm
    shape = "ال" if "ال" in norm[:3] else bare[:1] if bare[:1] in "يتسم" else "x"
    shape += bare[-1:] if bare[-1:] in "هتا" else "x"
    return Key(stem, consonants(norm), coarse, middle, shape)


def manner(token: Token) -> str:
    """How a trigger is told: verb of which person and number, definite or indefinite noun, with a pronoun or not."""
    norm = token.norm[1:] if token.proclitics[:1] in (("و",), ("ف",)) else token.norm
    pronoun = "+" if token.enclitic else ""
    if not verbal(token):
        return ("D" if "ال" in token.norm[:3] else "N") + pronoun
    if norm[:1] in "يتنا" and len(norm) > 3 and not norm.endswith("ت"):
        return "I" + ("f" if norm[0] == "ت" else "p" if norm.endswith(("ون", "ان")) else "m") + pronoun
    return "P" + ("f" if norm.endswith("ت") else "p" if norm.endswith("وا") else "m") + pronoun
