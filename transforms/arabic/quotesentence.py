"""A sentence as its quotations see it: quotation marks, verbs of speech, words like بحسب, clauses.

Knows: what each word can be for a quotation.  Does not know: which quotations there are (`transforms.arabic.quotedrafts`).
"""

import functools
import re
from collections.abc import Sequence
from typing import Final

from schemas.token import Token
from transforms.arabic.lexicon import table
from transforms.arabic.quotemarks import Region, find_regions
from transforms.arabic.speakers import Speakers
from transforms.arabic.speech import Cue, forms

_PRONOUNS: Final = ("ه", "ها", "هم", "هما", "هن", "ني", "نا", "ي", "ك", "كم", "نني", "ننا")
#: أن and إن by themselves, and with a pronoun.
BARE: Final = frozenset(p + w for p in ("", "ب", "ف", "و", "ل") for w in ("ان",)) - {"لان"}
WITH_PRONOUN: Final = frozenset(p + "ان" + e for p in ("", "ب", "ف") for e in _PRONOUNS) | {"اني", "بانني", "انني"}

#: A name in quotation marks has so many tokens at most.
_NAME: Final = 6


@functools.cache
def markers(kind: str) -> frozenset[str]:
    """The words of a kind of `quote_words`."""
    return frozenset(row["word"] for row in table("quote_words") if row["kind"] == kind)


@functools.lru_cache(maxsize=1 << 15)
def _is_masdar(norm: str) -> bool:
    """Whether a word without the article can be a verbal noun."""
    if norm[:2] == "ال" or len(norm) < 3:
        return False
    if norm in markers("masdar"):
        return True
    for end in ("ها", "هم", "هما", "ه", "ته", "تها", "تهم"):
        if norm.endswith(end) and norm[: -len(end)] in markers("masdar"):
            return True
    return bool(re.fullmatch(r"(?:است\w{2,3}ا\w|ا[^ل]\w{1,3}ا\w|ت\w{2}ي\w|م\w{1,2}ا\w{2}ه)(?:ه|ها|هم|هما)?", norm))


class SpeechSentence:
    """One sentence from token `start` on."""

    def __init__(self, text: str, tokens: Sequence[Token], start: int, speakers: Speakers) -> None:
        self.tokens, self.start, self.speakers = tokens, start, speakers
        self.regions, self.left_open = find_regions(text, tokens, start)
        self.in_region = [False] * (len(tokens) + 1)
        for region in self.regions:
            if region.last - region.first >= 4:
                for i in range(region.first, region.last):
                    self.in_region[i] = True
        self.openings = {r.mark: r for r in self.regions}

    def cue_at(self, i: int) -> Cue | None:
        """The verb of speech that token i is, None where it is none here."""
        t = self.tokens[i]
        if t.kind != "word" or self.in_region[i] or t.norm in markers("no cue"):
            return None
        cue = forms().get(t.norm)
        if cue is None and t.norm[:1] in "وفس":
            cue = forms().get(t.norm[1:])
            if (cue is not None and t.norm[0] == "س" and cue.shape != "imperfect") or (
                cue is not None and cue.shape in ("participle", "noun") and t.norm[0] != "و"
            ):
                cue = None
        if cue is None and t.norm[:1] == "ب" and (noun := forms().get(t.norm[1:])) and noun.shape == "noun":
            cue = noun
        if cue is None:
            return None
        before = self.tokens[i - 1].norm if i else ""
        if before in markers("negation"):
            return None
        after = [x.norm for x in self.tokens[i + 1 : i + 11]]
        if "in" in cue.takes and after[:1] not in (["فيه"], ["فيها"], ["فيهما"]) and not self._stands_in(i):
            return None
        if "from" in cue.takes and not {"عن", "لسان", "ان"} & set(after):
            return None
        if t.norm in markers("impersonal") and after[:1] and (after[0] in BARE or after[0] in WITH_PRONOUN):
            return None
        if cue.shape == "object" and "as" not in cue.takes and before not in markers("what"):
            return None
        loose = before and before not in markers("clause") | markers("relative") and self.tokens[i - 1].kind == "word"
        return None if loose and t.norm in markers("homograph") else cue

    def _stands_in(self, i: int) -> bool:
        """Whether the verb at `i` tells what stands in a text: `جاء في بيان للوزارة أن`."""
        tokens = self.tokens
        if i + 2 >= len(tokens) or tokens[i + 1].norm != "في":
            return False
        near = range(i + 3, min(i + 16, len(tokens)))
        return any(tokens[k].norm in BARE | WITH_PRONOUN or tokens[k].text == ":" or k in self.openings for k in near)

    def cue_shape(self, i: int) -> str:
        """Its shape, or nothing."""
        cue = self.cue_at(i)
        return cue.shape if cue else ""

    def source_word(self, i: int) -> str:
        """The word like بحسب that token i is, or nothing."""
        norm = self.tokens[i].norm
        if norm[:1] == "و" and norm not in markers("source"):
            norm = norm[1:]
        return norm if norm in markers("source") else ""

    def source_phrase(self, i: int) -> tuple[int, int] | None:
        """The speaker after بحسب and its like at `i`, None where it names no speaker."""
        tokens = self.tokens
        j = i + 1
        attached = False
        if j < len(tokens) and tokens[j].norm in ("ما", "لما"):
            j += 1
            attached = True
        if attached or self.source_word(i) in ("حسبما", "كما", "وفقما"):
            if j >= len(tokens) or (self.cue_at(j) is None and tokens[j].norm not in markers("told")):
                return None
            j += 1
        elif (link := {"نقلا": "عن", "استنادا": "الي"}.get(self.source_word(i))) is not None:
            if j >= len(tokens) or tokens[j].norm != link:
                return None  # `ونقلا إلى المستشفى`: they were taken there
            j += 1
        if self.source_word(i) == "كما" and any(
            t.norm in BARE | WITH_PRONOUN or t.text == ":" for t in tokens[j : j + 20]
        ):
            return None
        stop = next((k for k in range(j + 1, len(tokens)) if tokens[k].text in ".؛" or tokens[k].norm in ("فان", "فقد")),
                    len(tokens))  # fmt: skip
        stop = next((r.mark for r in self.regions if r.mark > j and r.last - r.first >= _NAME and r.mark < stop), stop)
        if j < len(tokens) and tokens[j].norm in ("لهذا", "لهذه", "هذا", "هذه"):
            j += 1
        found = self.speakers.phrase(tokens, j, min(stop, j + 25))
        if found is None or (self.source_word(i) == "كما" and found[1] < len(tokens) - 3):
            return None
        attached = attached or self.source_word(i) in ("حسبما", "كما", "نقلا")
        return found if attached or self.speakers.speaks(tokens, found) else None

    def regions_after(self, j: int) -> bool:
        """Whether words in quotation marks follow token j."""
        return any(r.mark >= j and r.last - r.first >= 2 for r in self.regions)

    def quoted(self, first: int, last: int) -> bool:
        """Whether most of tokens[first:last] stands in quotation marks."""
        inside = sum(max(0, min(r.last, last) - max(r.first, first)) for r in self.regions)
        return inside * 2 > last - first

    def verbal_noun(self, i: int, j: int) -> bool:
        """Whether token j is a verbal noun that the verb of speech at i can tell."""
        tokens = self.tokens
        norm = tokens[j].norm
        if tokens[j].kind != "word" or norm[:2] == "ال" or len(norm) < 3:
            return False
        if tokens[j - 1].text == "/":
            return False  # `أيار/مايو`
        pause = tokens[j - 1].kind == "punct" or tokens[j - 1].norm in markers("time")
        owned = len(norm) >= 5 and norm.endswith(("ته", "تها", "تهم", "تهما"))
        free = pause or owned or (j == i + 1 and self.cue_shape(i) == "participle")
        if not _is_masdar(norm) and not (free and self.speakers.common(tokens[j])):
            return False
        if self.speakers.named_at(tokens[j].start):
            return False
        before = tokens[j - 1]
        if j == i + 1:
            return norm not in markers("title head")
        return (
            before.norm.startswith(("ال", "وال", "لل", "بال"))
            or before.kind != "word"
            or self.speakers.name_ends(before.end)
            or before.norm in markers("time")
            or owned
            or (j >= i + 3 and norm in markers("masdar") and before.norm[-1] in "هين")
        )

    def by_preposition(self, i: int, j: int, cue: Cue) -> bool:
        """Whether token j opens content by a preposition that the verb at i takes."""
        norm = self.tokens[j].norm
        if norm in cue.takes and norm in ("عن", "الي", "علي", "من"):
            return self.tokens[j - 1].norm not in markers("person")
        if "ب" not in cue.takes or norm[:1] != "ب" or len(norm) <= 4 or norm in markers("no content"):
            return False
        before = self.tokens[j - 1]
        if j == i + 1 or self.speakers.name_ends(before.end) or before.kind == "punct":
            return True
        # `أبلغ المبعوث الدولي بضرورة الانسحاب`: behind whom it is told.
        if "told" in cue.takes and before.norm.startswith("ال"):
            return True
        # Behind a name with its adjective: `أفادت لجنة أطباء السودان المركزية بمقتل متظاهر`.
        return self.speakers.name_ends(self.tokens[j - 2].end) and before.norm.startswith("ال")

    def main(self, i: int, cue: Cue) -> bool:
        """Whether the verb is its clause's own, not told by the way (`خطوة تشير إلى …`)."""
        tokens = self.tokens
        if cue.shape in ("participle", "noun") and i and tokens[i - 1].kind == "word" and cue.shape == "noun":
            return False
        if cue.shape != "imperfect":
            return True
        if tokens[i].norm not in forms() or not i or tokens[i - 1].kind == "punct":
            return True
        return tokens[i - 1].norm in markers("clause")

    def name_like(self, region: Region) -> bool:
        """Whether quotation marks hold a name, not speech: أن or a quotation comes right after, or a short noun phrase before it."""
        told = BARE | WITH_PRONOUN
        for i in range(region.last + 1, min(region.last + 5, len(self.tokens))):
            token = self.tokens[i]
            if (cue := forms().get(token.norm)) is not None and cue.shape != "noun":
                break  # `"سنمضي معا" مؤكدا أن …`
            if token.norm in told or token.text == ":":
                return True
            if (later := self.openings.get(i)) is not None and later.last - later.first >= 3:
                return region.last - region.first <= _NAME  # `لراديو "أر.تي.إل" الفرنسي "…"`
        first = self.tokens[region.first].norm if region.first < len(self.tokens) else ""
        rest = self.tokens[region.last + 1 : region.last + 22]
        return first[:2] == "ال" and region.last - region.first <= 6 and any(t.norm in told for t in rest)

    def independent(self, i: int, cue: Cue) -> bool:
        """Whether a cue inside what another one opened stands in a clause of its own."""
        tokens = self.tokens
        before = tokens[i - 1]
        if cue.shape in ("participle", "noun") or (tokens[i].norm not in forms() and tokens[i].norm[0] in "وف"):
            return True
        if before.norm in markers("relative"):
            return tokens[i - 2].text in "،," or before.norm in ("ما", "لما", "عما", "بما")
        if before.kind == "punct" or before.norm in markers("clause"):
            return True
        subject = self.speakers.before(tokens, i)
        if subject is None:
            return False
        edge = tokens[subject[0] - 1] if subject[0] else None
        return edge is None or edge.kind == "punct" or edge.norm in markers("clause")

    def clause_start(self, i: int, first: int) -> int:
        """Where the clause of the cue at `i` begins, after `first`."""
        tokens = self.tokens
        j = i
        while j > first and (tokens[j - 1].norm in markers("clause") or tokens[j - 1].text in "،؛,"):
            j -= 1
        if j < i or (tokens[i].norm[:1] in "وف" and tokens[i].norm not in forms()):
            return j
        cue = self.cue_at(i)
        if cue and cue.shape == "participle":
            return i
        for k in range(i - 1, max(first, i - 14), -1):
            if tokens[k].text in "،؛,.":
                return k
            if tokens[k].norm in markers("clause"):
                return k
        return i

    def after_dateline(self, begin: int) -> int:
        """The first token after a dateline that begins at `begin`."""
        tokens = self.tokens
        for k in range(begin, min(begin + 12, len(tokens) - 1)):
            if (tokens[k].text in "-–—" and tokens[k + 1].text in "-–—") or tokens[k].text == "—":
                return k + 2 if tokens[k + 1].text in "-–—" else k + 1
        return begin

    def last_clause(self, begin: int, i: int) -> int:
        """Where the last clause before token i begins."""
        for k in range(i - 3, begin, -1):
            if self.tokens[k].norm in markers("break") and self.tokens[k - 1].text in "،,":
                return k + 1
        return begin
