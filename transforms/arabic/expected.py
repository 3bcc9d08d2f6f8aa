"""What is expected of the phrases around an event: by its own frame, by the words that govern it.

Knows: labels of `clauses`, entries of `frames`, the two words above an event.  Does not know: the phrases' own words, weights.
"""

from typing import Final, NamedTuple

from transforms.arabic.clauses import Around, is_verb
from transforms.arabic.frames import Frame, Governor, frames, governor, governor_role
from transforms.arabic.frames import role as role_of
from transforms.arabic.roots import consonants
from transforms.arabic.scene import Scene, Told
from transforms.arabic.verbs import groups

#: The labels that tell which part the other phrases have.
_CORE: Final = frozenset(("obj", "i1", "i2", "adj", "by", "علي", "من", "مع", "ل", "ب", "ضد", "بين", "الي"))


def frame(near: Around) -> str:
    """Which kinds of phrases stand around an event, of those that tell the others' part."""
    core = {c for labels in near.labels.values() for c in labels if c in _CORE or c.startswith("sub") or c[0] in "rR"}
    return "+".join(sorted("sub" if c.startswith("sub") else c for c in core))


class Expected(NamedTuple):
    """What the frames of a trigger and of what governs it say of the phrases around: A, T, AT, - or "" by label."""

    frame: Frame | None
    outer: Governor | None
    outermost: Governor | None

    def role(self, label: str) -> str:
        """The role that a phrase with this label is expected to play."""
        if label[0] == "g":
            return governor_role(self.outer, label[1:]) if self.outer else ""
        if label[0] == "h":
            if self.outer is None or self.outermost is None:
                return ""
            # Whoever decides to launch a raid raids.
            role = governor_role(self.outermost, label[1:])
            return {"A": self.outer.subject, "T": self.outer.object.get("obj", "")}.get(role, "")
        return role_of(self.frame, label) if self.frame else ""

    def roles(self, near: Around) -> str:
        """Which roles some phrase around is expected to play: A, T and ? (either), as far as they are."""
        found = {self.role(label) for labels in near.labels.values() for label in labels}
        return ("A" if "A" in found else "") + ("T" if "T" in found else "") + ("?" if "AT" in found else "")


def expected(scene: Scene, event: Told, near: Around) -> Expected:
    """What is expected of the phrases around an event."""
    line = scene.line(event.sentence)
    text = " ".join(t.norm for t in line.tokens[event.first : event.last + 1])
    found: list[Governor | None] = [
        next((g for g in governor(line.tokens[i].norm, is_verb(line, i)) if g.takes(link)), None)
        for i, link in near.governors
    ]
    found += [None, None]
    return Expected(frames(text, event.type, is_verb(line, event.first)), found[0], found[1])


class Ruled(NamedTuple):
    """What governs an event: its consonants, word group, the type where it is an event, and the link to it."""

    root: str
    group: str
    type: str
    link: str


def ruled(scene: Scene, event: Told, near: Around) -> Ruled:
    """What governs an event."""
    if near.governor is None:
        return Ruled("^", "^", "", near.link)
    norm = scene.tokens[event.sentence][near.governor].norm
    kind = scene.triggers[event.sentence].get(near.governor, "")
    return Ruled(consonants(norm), groups(norm)[1], kind, near.link)
