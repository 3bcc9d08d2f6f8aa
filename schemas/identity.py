"""Ids are hashes of content and identity: no counters, clocks, random numbers or process-dependent hashes.

Knows: how parts become one id.  Does not know: which parts make an identity (see `schemas.article`,
`transforms.lake`).
"""

import hashlib


def digest(*parts: str | int | bytes | None) -> str:
    """A 32-digit hexadecimal id (128 bits of BLAKE2b) of the parts in order; None differs from the empty string.

    >>> digest("a", None) == digest("a", "")
    False
    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        # Lone surrogates can reach an id through a reject's detail: they hash as themselves instead of raising.
        data = (
            part if isinstance(part, bytes) else b"\x00" if part is None else str(part).encode("utf-8", "surrogatepass")
        )
        hasher.update(b"%d:" % len(data) if part is not None else b"-:")
        hasher.update(data)
    return hasher.hexdigest()


def body_hash(title: str | None, text: str) -> str:
    """Hash of what an article says, exactly as stored."""
    return digest("body", title, text)


def version_id(article_id: str, body: str) -> str:
    """The id of one version: the article and the `body_hash` of what it says."""
    return digest("version", article_id, body)
