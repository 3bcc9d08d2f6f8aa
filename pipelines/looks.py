"""Looks: what the features of the choices about an event look at, in words; those of `transforms.arabic.roles`, `.statuses` and `.circumstances`."""

from typing import Final

#: What a person has to know to read the values.
LEGEND: Final = (
    "A after the trigger, B before it, b in an earlier sentence; V verb, S verb of speech, T another trigger, N noun, ^ the "
    "beginning; numbers are groups of words that keep the same company. A weight is what the feature adds beyond the next best."
)

_ROLES: Final = {
    "o": "phrases between", "oT": "phrases between, type", "oK": "phrases between, group of the trigger",
    "oS": "phrases between, shape of the trigger", "oP": "phrases between, what leads it", "PT": "what leads it, type",
    "d": "distance", "dT": "distance, type", "m": "verbs and marks between", "mo": "phrases, marks, verbs between",
    "mS": "verbs and marks between, shape of the trigger", "x": "another event between", "xT": "another event between, type",
    "sP": "what leads it, root", "so": "phrases between, root", "wo": "phrases between, stem", "h4": "group of its head",
    "hw": "its head", "hT": "its head, type", "p": "way to the trigger", "pr": "group of the word before it",
    "lw": "word before it", "l2": "two words before it", "fo": "what follows it", "n": "its turn among phrases led alike",
    "nM": "turn, how the trigger is told", "nT": "turn, type", "nR": "turn, root", "nv": "turn, verbs between",
    "gs": "first noun after the verb above", "ms": "first noun after the sentence's first verb", "g": "right after the verb above",
    "gT": "right after the verb above, type", "gS": "right after the verb above, shape of the trigger",
    "q": "where it stands to quotations", "qT": "where it stands to quotations, type",
    "qs": "where it stands to quotations, shape of the trigger", "qP": "where it stands to quotations, what leads it",
    "qK": "where it stands to quotations, root", "c4T": "group of its head, type", "c15": "group of its head",
    "c15T": "group of its head, type", "c99": "group of its head", "M": "names in it, definite, joined",
    "MT": "names in it, definite, joined, type", "jn": "joined to others", "jT": "joined to others, type", "l": "words",
    "back": "sentences back", "bT": "sentences back, type", "bP": "what leads it, earlier", "bq": "event is quoted",
    "0T": "nobody, type", "0S": "nobody, shape of the trigger", "0TS": "nobody, type, shape of the trigger",
    "0w": "nobody, stem", "0r": "nobody, root", "0K": "nobody, group of the trigger", "04": "nobody, group of the trigger",
    "0a": "nobody, word after the trigger", "0p": "nobody, word before the trigger", "0q": "nobody, quoted",
    "0qT": "nobody, quoted, type", "0ac": "nobody, group of the word after", "0pc": "nobody, group of the word before",
    "0v": "nobody, verbs of the sentence", "0i": "nobody, place in the sentence, shape", "0n": "nobody, phrases of the sentence",
    "0as": "nobody, what follows the trigger, shape",
}  # fmt: skip
_STATUS: Final = {
    "T": "type", "S": "shape of the trigger", "TS": "type, shape of the trigger", "w": "the trigger", "r": "root",
    "c": "group of the trigger", "m": "group of the trigger", "near": "cue right before", "nearS": "cue right before, shape",
    "b": "a word before", "bg": "group of a word before", "b1": "word before", "b2": "second word before",
    "bc1": "group of the word before", "bc2": "group of the second word before", "bs1": "what stands before",
    "bs2": "what stands two before", "cue": "cue among four words before", "a1": "word after", "a2": "second word after",
    "acue": "cue after", "gcue": "cue in the verb above", "gneg": "cue before the verb above", "g": "verb above",
    "gg": "group of the verb above", "gd": "distance to the verb above", "gb": "word before the verb above",
    "pt": "event before, type", "pd": "event before, distance", "pl": "event before, what follows it",
    "pw": "event before", "pls": "event before, what follows it, shape", "q": "quoted", "s": "cue in the sentence",
    "day": "a date of the sentence and the day of publication",
}  # fmt: skip
_MODE: Final = {
    "r": "root", "c": "group of the trigger", "m": "group of the trigger", "S": "shape of the trigger", "t": "the trigger",
    "tm": "group of the trigger", "tf": "group of the trigger", "n": "word near", "ng": "group of a word near",
    "W": "weapon", "s": "group of a word of the sentence", "a": "head of the actor", "ac": "group of the actor's head",
    "tc": "group of the target's head", "-3": "third word before", "-2": "second word before", "-1": "word before",
    "1": "word after", "2": "second word after", "3": "third word after",
}  # fmt: skip
_PLACE: Final = {
    "l": "what leads it", "lw": "word before it", "w": "kind of place", "wT": "kind of place, type",
    "lW": "what leads it, kind of place", "s": "side", "d": "distance", "x": "events between, what leads it",
    "n": "nearer places", "v": "verbs between, what leads it", "lT": "what leads it, type", "c": "comma or clause between",
    "wl": "kind of place, what leads it", "b": "sentences back", "bT": "sentences back, type",
    "bl": "sentences back, what leads it", "bi": "places in the event's sentence", "bf": "first sentence", "k": "how often told",
    "0T": "none, type", "0n": "none, places of the sentence", "0nT": "none, places of the sentence, type", "0r": "none, root",
    "0S": "none, shape of the trigger, type", "0q": "none, quoted", "0all": "none, any place near",
}  # fmt: skip
_DAY: Final = {
    "k": "rule", "kT": "rule, type", "p": "precision", "w": "before or after publication, status", "kw": "rule, before or after",
    "kp": "rule, precision", "kS": "rule, shape of the trigger", "ks": "rule, status", "i": "sentence, rule", "d": "distance",
    "x": "events between", "v": "verbs between", "m": "commas between", "l": "its first word", "lb": "word before it",
    "r": "how the date was read", "only": "the only one of the sentence", "say": "verb of speech between",
    "pre": "what stands before it", "sv": "verbs and events between, shape of the trigger", "0T": "none, type",
    "0n": "none, dates of the sentence", "0s": "none, status", "0ns": "none, dates, status", "0r": "none, root",
    "0i": "none, sentence", "0S": "none, shape of the trigger", "0nS": "none, dates, shape", "0q": "none, quoted",
    "kTs": "rule, type, status", "kq": "rule, quoted", "kwT": "rule, before or after, type", "lr": "day of the word's last event",
    "lt": "day of the type's last event", "lrT": "day of the word's last event, type", "ltT": "day of the type's last event, type",
    "lar": "a day of the word's events, rule", "lat": "a day of the type's events, rule", "0nT": "none, dates, type",
    "0lr": "none, the word's last event had none", "0lt": "none, the type's last event had none",
    "0lrT": "none, the word's last event had none, type", "0ltT": "none, the type's last event had none, type",
}  # fmt: skip
#: Features without a value.
_BARE: Final = {"0": "how often there is none", "1": "how often it is so", "future": "the trigger is a future"}
_LOOKS: Final = {"status": _STATUS, "mode": _MODE, "place": _PLACE, "day": _DAY}


def look_of(choice: str, head: str) -> str | None:
    """What a feature that begins with `head` looks at in a choice; None where nothing is written of it.

    >>> look_of("actor", "d"), look_of("day", "only")
    ('distance', 'the only one of the sentence')
    """
    return _BARE.get(head) or _LOOKS.get(choice, _ROLES).get(head)
