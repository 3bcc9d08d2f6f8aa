"""Verbs told from nouns by the word alone: verbs of speech from their list, others from the list that `pipelines.wordclasses` makes.

Knows: no context, so a word that is both is what it mostly is.
"""

import functools

from schemas.token import Token
from transforms.arabic.clusters import group_of
from transforms.arabic.lexicon import words
from transforms.arabic.speech import forms


def verbal(token: Token) -> str:
    """S for a verb of speech, V for another verb, "" for the rest."""
    if token.proclitics[:1] in (("و",), ("ف",)):
        return verbal_form(token.norm[1:])
    # Words that begin with ف by nature are few, verbs after it many.
    return verbal_form(token.norm) or (verbal_form(token.norm[1:]) if token.norm[:1] == "ف" else "")


@functools.lru_cache(maxsize=1 << 16)
def verbal_form(norm: str) -> str:
    """As `verbal`, of a normal form without و and ف.

    >>> verbal_form("قال"), verbal_form("تستخدم"), verbal_form("المدينه")
    ('S', 'V', '')
    """
    cue = forms().get(norm)
    if cue is not None and cue.shape not in ("noun",):
        return "S"
    return "V" if norm in words("verb_forms", "word") else ""


@functools.lru_cache(maxsize=1 << 16)
def groups(norm: str) -> tuple[str, ...]:
    """Coarse, middle and fine word group."""
    found = group_of(norm)
    return found.groups if found else ("-", "-", "-")
