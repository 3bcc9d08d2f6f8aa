"""Quotes: who is quoted with which words, direct or indirect.

Knows: verbs of speech before or after their subject, with أن, a colon, quotation marks, a preposition or a verbal noun;
بحسب and its like; quotations that run on over sentences; headlines `X: …`.  Who the speaker is by name is found by
`transforms.arabic.speakers`.  Does not know: a published statement's further sentences, and talk without any cue.
"""

import functools
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.lexicon import table
from transforms.arabic.spans import Span
from transforms.arabic.speakers import Named, Speakers
from transforms.arabic.speech import Cue, forms

#: Between verb and opener stand at most so many words.
REACH: Final = 45
#: A quotation left open runs on over at most so many sentences.
RUN: Final = 12

_PRONOUNS: Final = ("ه", "ها", "هم", "هما", "هن", "ني", "نا", "ي", "ك", "كم", "نني", "ننا")
_BARE: Final = frozenset(p + w for p in ("", "ب", "ف", "و", "ل") for w in ("ان",)) - {"لان"}
_WITH_PRONOUN: Final = frozenset(p + "ان" + e for p in ("", "ب", "ف") for e in _PRONOUNS) | {"اني", "بانني", "انني"}
_OPEN: Final = {"«": "»", "“": "”", "”": "“", '"': '"', "'": "'", "„": "“"}
_CLOSE: Final = frozenset('»”“"')


#: Marks of quotation that open and close.
_PAIRS: Final = (("«", "»"), ("“", "”"), ('"', '"'))


class QuoteSpan(NamedTuple):
    """One quotation in one sentence: its content, and the spans of cue and speaker where told."""

    start: int
    end: int
    direct: bool
    cue: Span | None
    speaker: Span | None
    speaker_name: str | None
    speaker_role: str | None
    stance: str
    rule: str


class Region(NamedTuple):
    """Quotation marks in a sentence, by token index: content is [first, last); `closed` where the end mark stands."""

    mark: int
    first: int
    last: int
    closed: bool


class Draft(NamedTuple):
    """A quotation by token indices, before its end is known for good."""

    first: int
    last: int
    direct: bool
    cue: int | None
    subject: tuple[int, int] | None
    found: Cue | None
    rule: str


def find_quotes(text: str, sentences: Sequence[Sequence[Token]], names: Sequence[Named] = ()) -> tuple[QuoteSpan, ...]:
    """The quotations in the sentences' tokens, in text order; `names` are the article's names in text order."""
    speakers = Speakers(text, sentences, names)
    found: list[QuoteSpan] = []
    skip_until = 0  # sentences before this one belong to a quotation left open
    for index, tokens in enumerate(sentences):
        if not tokens:
            continue
        start = 0
        if index < skip_until:
            start = _continued(text, tokens, found, last=index == skip_until - 1)
        if start >= len(tokens):
            continue
        reader = _Sentence(text, tokens, start, speakers)
        drafts = reader.drafts()
        for draft in drafts:
            quote = _finish(tokens, draft, speakers, index)
            if quote is not None:
                found.append(quote)
        open_region = reader.left_open
        if open_region is not None and drafts and drafts[-1].last > open_region:
            skip_until = max(skip_until, _closing(text, sentences, index))
        elif open_region is None and not drafts and not start and (whole := reader.whole()):
            quote = _finish(tokens, whole, speakers, index)
            if quote is not None:
                found.append(quote)
    return tuple(found)


def _continued(text: str, tokens: Sequence[Token], found: list[QuoteSpan], *, last: bool) -> int:
    """Adds what of the sentence still belongs to the open quotation; the index of the token after it."""
    end = len(tokens)
    if last:
        end = next((i for i, t in enumerate(tokens) if _closes(text, t)), len(tokens))
    first, stop = _trim(tokens, 0, end)
    if found and stop > first:
        before = found[-1]
        found.append(
            before._replace(
                start=tokens[first].start,
                end=tokens[stop - 1].end,
                direct=True,
                cue=None,
                speaker=None,
                rule="continued",
            )
        )
    return end + 1


def _closing(text: str, sentences: Sequence[Sequence[Token]], index: int) -> int:
    """One past the sentence that closes a quotation left open in sentence `index`, or 0 where none does soon."""
    for i in range(index + 1, min(index + RUN, len(sentences))):
        depth = 0
        for token in sentences[i]:
            if token.kind != "punct" or token.text not in "«“\"»”'":
                continue
            if _closes(text, token):
                if not depth:
                    return i + 1
                depth -= 1
            elif token.text in '"«“' and not _inside_word(text, token):
                depth += 1
    return 0


def _inside_word(text: str, token: Token) -> bool:
    return not text[token.start - 1 : token.start].isspace()


def _closes(text: str, token: Token) -> bool:
    if token.kind != "punct" or token.text not in "»”\"'":
        return False
    before, after = text[token.start - 1 : token.start], text[token.end : token.end + 1]
    if token.text == "'":
        return before == "'" and (not after or not after.isalnum())
    if token.text == '"':
        return not after.isalnum() and bool(before.strip() or not after or after in " .،\n")
    return True


def _trim(tokens: Sequence[Token], first: int, stop: int) -> tuple[int, int]:
    while stop > first and tokens[stop - 1].kind == "punct" and tokens[stop - 1].text not in ")%":
        stop -= 1
    while first < stop and tokens[first].kind == "punct" and tokens[first].text != "(":
        first += 1
    # A mark that opens within the content closes within it: `هذه الأنباء «كاذبة»`.
    inside = [t.text for t in tokens[first:stop]]
    for opening, closing in _PAIRS:
        left = inside.count(opening) % 2 if opening == closing else inside.count(opening) > inside.count(closing)
        if left and stop < len(tokens) and tokens[stop].text == closing:
            return first, stop + 1
    return first, stop


def _finish(tokens: Sequence[Token], draft: Draft, speakers: Speakers, index: int) -> QuoteSpan | None:
    first, stop = _trim(tokens, draft.first, draft.last)
    if stop <= first or (stop - first < 2 and draft.rule not in ("as", "quoted")):
        return None
    span = None
    if draft.subject is not None and draft.subject[1] > draft.subject[0]:
        span = Span(tokens[draft.subject[0]].start, tokens[draft.subject[1] - 1].end)
    gender = draft.found.gender if draft.found else ""
    who = speakers.resolve(index, span, gender, tokens[draft.cue].start if draft.cue is not None else tokens[0].start)
    cue = None
    if draft.cue is not None:
        token = tokens[draft.cue]
        cue = Span(token.start + (1 if token.norm not in forms() and token.norm[:1] in "وف" and
                                  token.norm[1:] in forms() else 0), token.end)  # fmt: skip
    return QuoteSpan(
        tokens[first].start, tokens[stop - 1].end, draft.direct, cue, who.span, who.name, who.role,
        draft.found.stance if draft.found else "neutral", draft.rule,
    )  # fmt: skip


@functools.cache
def _markers(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in table("quote_words") if row["kind"] == kind)


@functools.lru_cache(maxsize=1 << 15)
def _is_masdar(norm: str) -> bool:
    """Whether a word without the article can be a verbal noun."""
    if norm[:2] == "ال" or len(norm) < 3:
        return False
    if norm in _markers("masdar"):
        return True
    for end in ("ها", "هم", "هما", "ه", "ته", "تها", "تهم"):
        if norm.endswith(end) and norm[: -len(end)] in _markers("masdar"):
            return True
    return bool(re.fullmatch(r"(?:است\w{2,3}ا\w|ا[^ل]\w{1,3}ا\w|ت\w{2}ي\w|م\w{1,2}ا\w{2}ه)(?:ه|ها|هم|هما)?", norm))


class _Sentence:
    """The quotations of one sentence, read left to right from token `start`."""

    def __init__(self, text: str, tokens: Sequence[Token], start: int, speakers: Speakers) -> None:
        self.text, self.tokens, self.start, self.speakers = text, tokens, start, speakers
        self.left_open: int | None = None
        self.regions = self._regions()
        self.in_region = [False] * (len(tokens) + 1)
        for region in self.regions:
            if region.last - region.first >= 4:
                for i in range(region.first, region.last):
                    self.in_region[i] = True
        self.openings = {r.mark: r for r in self.regions}

    def _regions(self) -> list[Region]:
        tokens, text = self.tokens, self.text
        regions: list[Region] = []
        mark: tuple[int, int, str] | None = None
        i = self.start
        while i < len(tokens):
            t = tokens[i]
            if (t.kind == "punct" and t.text in _OPEN) or t.text == "»":
                width = 1
                if t.text == "'":
                    if i + 1 < len(tokens) and tokens[i + 1].text == "'" and tokens[i + 1].start == t.end:
                        width = 2
                    else:
                        i += 1
                        continue
                after = text[tokens[i + width - 1].end : tokens[i + width - 1].end + 1]
                if mark is None:
                    if t.text not in "»":
                        mark = (i, i + width, t.text)
                elif t.text == _OPEN[mark[2]] or (t.text in _CLOSE and mark[2] in _CLOSE and t.text not in "«“"):
                    opens = t.text in "\"'" and after.isalnum() and text[t.start - 1 : t.start].isspace()
                    if not opens:
                        regions.append(Region(mark[0], mark[1], i, True))
                        mark = None
                i += width
                continue
            i += 1
        if mark is not None:
            for k in range(mark[1], len(tokens) - 1):
                after = tokens[k + 1].norm
                if tokens[k].text == "." and after[:1] == "و" and after[1:] in forms():
                    regions.append(Region(mark[0], mark[1], k, True))
                    return regions
            regions.append(Region(mark[0], mark[1], len(tokens), False))
            if len(tokens) - mark[1] >= 3:
                self.left_open = mark[1]
        return regions

    def _cue_at(self, i: int) -> Cue | None:
        t = self.tokens[i]
        if t.kind != "word" or self.in_region[i]:
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
        if before in _markers("negation"):
            return None
        after = [x.norm for x in self.tokens[i + 1 : i + 11]]
        if "in" in cue.takes and after[:1] not in (["فيه"], ["فيها"], ["فيهما"]):
            return None
        if "from" in cue.takes and "عن" not in after and "لسان" not in after:
            return None
        if t.norm in _markers("impersonal") and after[:1] and (after[0] in _BARE or after[0] in _WITH_PRONOUN):
            return None
        if cue.shape == "object" and "as" not in cue.takes and before != "ما":
            return None
        loose = before and before not in _markers("clause") and self.tokens[i - 1].kind == "word"
        return None if loose and t.norm in _markers("homograph") else cue

    def drafts(self) -> list[Draft]:
        tokens = self.tokens
        cues = [(i, c) for i in range(self.start, len(tokens)) if (c := self._cue_at(i))]
        found: list[Draft] = []
        for n, (i, cue) in enumerate(cues):
            if found and i < found[-1].first:
                continue
            if i > self.start + 1 and tokens[i - 1].norm == "ما" and self._source_word(i - 2):
                continue
            if found and i < found[-1].last and not self._independent(i, cue):
                continue
            draft = self._open(i, cue, cues[n + 1 :], found[-1] if found else None)
            if draft is None:
                continue
            if found and i < found[-1].last:
                found[-1] = found[-1]._replace(last=max(found[-1].first, self._clause_start(i, found[-1].first)))
            found.append(draft)
        found += self._sourced(found, cues)
        found += self._after_quotation(found, cues)
        found += self._headline(found)
        found.sort(key=lambda d: d.first)
        return self._inherit(found)

    def _inherit(self, found: list[Draft]) -> list[Draft]:
        """A cue without a subject of its own has the sentence's last one."""
        drafts: list[Draft] = []
        subject: tuple[int, int] | None = None
        for n, draft in enumerate(found):
            if draft.subject is None and draft.found is not None and draft.cue is not None:
                if n == 0 and draft.found.shape == "participle":
                    subject = self.speakers.main_subject(self.tokens, draft.cue)
                draft = draft._replace(subject=subject)
            subject = draft.subject or subject
            drafts.append(draft)
        return drafts

    def _independent(self, i: int, cue: Cue) -> bool:
        """Whether a cue inside what another one opened stands in a clause of its own."""
        tokens = self.tokens
        before = tokens[i - 1]
        if cue.shape in ("participle", "noun") or (tokens[i].norm not in forms() and tokens[i].norm[0] in "وف"):
            return True
        if before.norm in _markers("relative"):
            return tokens[i - 2].text in "،," or before.norm in ("ما", "لما", "عما", "بما")
        if before.kind == "punct" or before.norm in _markers("clause"):
            return True
        subject = self.speakers.before(tokens, i)
        if subject is None:
            return False
        edge = tokens[subject[0] - 1] if subject[0] else None
        return edge is None or edge.kind == "punct" or edge.norm in _markers("clause")

    def _clause_start(self, i: int, first: int) -> int:
        """Where the clause of the cue at `i` begins, after `first`."""
        tokens = self.tokens
        j = i
        while j > first and (tokens[j - 1].norm in _markers("clause") or tokens[j - 1].text in "،؛,"):
            j -= 1
        if j < i or (tokens[i].norm[:1] in "وف" and tokens[i].norm not in forms()):
            return j
        cue = self._cue_at(i)
        if cue and cue.shape == "participle":
            return i
        for k in range(i - 1, max(first, i - 14), -1):
            if tokens[k].text in "،؛,.":
                return k
            if tokens[k].norm in _markers("clause"):
                return k
        return i

    def _open(self, i: int, cue: Cue, later: Sequence[tuple[int, Cue]], before: Draft | None) -> Draft | None:
        """The quotation that the cue at `i` opens, its content up to the sentence's end."""
        tokens = self.tokens
        end = min(len(tokens), i + REACH)
        for k, other in later:
            relative = tokens[k - 1].norm in _markers("relative")
            passable = other.shape == "noun" or (other.lemma == "قال" and other.shape == "participle")
            if not relative and not passable:
                end = min(end, k)
                break
        near = i + 25 if "weak" in cue.takes else end
        tied = tokens[i].norm in _markers("homograph")
        j = i + 1
        while j < min(end, near):
            t = tokens[j]
            previous = tokens[j - 1].norm
            region = self.openings.get(j)
            if region is not None:
                size = region.last - region.first
                head = previous in _markers("title head") or self._name_like(region)
                if (
                    "as" in cue.takes
                    or (size >= 4 and not head)
                    or (j == i + 1 and size >= 3 and "from" not in cue.takes)
                    or not region.closed
                ):
                    first = region.first
                    if first < len(tokens) and tokens[first].norm in _BARE:
                        first += 1
                    return self._draft(first, region.last, True, i, j, cue, "quoted")
                j = region.last
            elif t.text == ":":
                return self._draft(j + 1, None, True, i, j, cue, "colon")
            elif (
                (t.norm in _BARE or t.norm in _WITH_PRONOUN)
                and previous not in _markers("no speech before")
                and not (j + 1 < len(tokens) and tokens[j + 1].text == "." and tokens[j + 1].start == t.end)
                and (
                    previous not in ("علي", "الي", "من")
                    or previous in cue.takes
                    or f"{previous}-ان" in cue.takes
                    or j <= i + 3
                )
            ):
                if "quoted" in cue.takes and not self._regions_after(j):
                    return None if cue.stance != "warn" else self._draft(j + 1, None, False, i, j, cue, "that")
                if tied and j > i + 12:
                    return None
                first = j if t.norm in _WITH_PRONOUN else j + 1
                opener = j - 1 if previous in ("الي", "علي", "من", "عن") and j - 1 > i else j
                return self._draft(first, None, None, i, opener, cue, "as" if "as" in cue.takes else "that")
            elif "as" in cue.takes and t.norm[:1] == "ب" and self._regions_after(j) and j > i:
                near_region = next((r for r in self.regions if r.mark >= j), None)
                if near_region and near_region.mark <= j + 3:
                    return self._draft(j, near_region.last, True, i, j, cue, "as")
            elif self._by_preposition(i, j, cue):
                if not self._main(i, cue):
                    return None
                if "from" not in cue.takes and not (
                    j + 1 < len(tokens) and (tokens[j + 1].norm in _BARE | _WITH_PRONOUN)
                ):
                    return self._draft(j if t.norm[0] == "ب" else j + 1, None, None, i, j, cue, "preposition")
            elif "noun" in cue.takes and self._verbal_noun(i, j) and not self._told_later(i, j, end):
                return self._draft(j, None, None, i, j, cue, "verbal noun")
            j += 1
        return None

    def _main(self, i: int, cue: Cue) -> bool:
        """Whether the verb is its clause's own, not told by the way (`خطوة تشير إلى …`)."""
        tokens = self.tokens
        if cue.shape in ("participle", "noun") and i and tokens[i - 1].kind == "word" and cue.shape == "noun":
            return False
        if cue.shape != "imperfect":
            return True
        if tokens[i].norm not in forms() or not i or tokens[i - 1].kind == "punct":
            return True
        return tokens[i - 1].norm in _markers("clause")

    def _told_later(self, i: int, j: int, end: int) -> bool:
        """Whether أن opens the content later, after a pause or a day."""
        tokens = self.tokens
        for k in range(j + 1, min(end, j + 16)):
            if tokens[k].norm in _BARE or tokens[k].norm in _WITH_PRONOUN:
                return tokens[k - 1].kind == "punct" or tokens[k - 1].norm in _markers("time")
        return False

    def _name_like(self, region: Region) -> bool:
        """Whether quotation marks hold a name, not speech: أن comes right after, or a short noun phrase before it."""
        after = self.tokens[region.last + 1 : region.last + 5]
        told = _BARE | _WITH_PRONOUN
        if any(t.norm in told or t.text == ":" for t in after):
            return True
        first = self.tokens[region.first].norm if region.first < len(self.tokens) else ""
        rest = self.tokens[region.last + 1 : region.last + 22]
        return first[:2] == "ال" and region.last - region.first <= 6 and any(t.norm in told for t in rest)

    def _regions_after(self, j: int) -> bool:
        return any(r.mark >= j and r.last - r.first >= 2 for r in self.regions)

    def _by_preposition(self, i: int, j: int, cue: Cue) -> bool:
        norm = self.tokens[j].norm
        if norm in cue.takes and norm in ("عن", "الي", "علي", "من"):
            return self.tokens[j - 1].norm not in _markers("person")
        if "ب" not in cue.takes or norm[:1] != "ب" or len(norm) <= 4 or norm in _markers("no content"):
            return False
        return j == i + 1 or self.speakers.name_ends(self.tokens[j - 1].end) or self.tokens[j - 1].kind == "punct"

    def _cue_shape(self, i: int) -> str:
        cue = self._cue_at(i)
        return cue.shape if cue else ""

    def _verbal_noun(self, i: int, j: int) -> bool:
        tokens = self.tokens
        norm = tokens[j].norm
        if tokens[j].kind != "word" or norm[:2] == "ال" or len(norm) < 3:
            return False
        pause = tokens[j - 1].kind == "punct" or tokens[j - 1].norm in _markers("time")
        owned = len(norm) >= 5 and norm.endswith(("ته", "تها", "تهم", "تهما"))
        free = pause or owned or (j == i + 1 and self._cue_shape(i) == "participle")
        if not _is_masdar(norm) and not (free and self.speakers.common(tokens[j])):
            return False
        if self.speakers.named_at(tokens[j].start):
            return False
        before = tokens[j - 1]
        if j == i + 1:
            return norm not in _markers("title head")
        return (
            before.norm.startswith(("ال", "وال", "لل", "بال"))
            or before.kind != "word"
            or self.speakers.name_ends(before.end)
            or before.norm in _markers("time")
            or owned
            or (j >= i + 3 and norm in _markers("masdar") and before.norm[-1] in "هين")
        )

    def _draft(
        self, first: int, last: int | None, direct: bool | None, i: int, opener: int, cue: Cue, rule: str
    ) -> Draft:
        tokens = self.tokens
        while first < len(tokens) and tokens[first].norm in _BARE and rule == "colon":
            first += 1
        if last is None and rule == "as":
            last = next((r.last for r in self.regions if first <= r.mark <= first + 3), None)
        if last is None:
            last = self._content_end(first)
            quoted = 0
            for r in self.regions:
                if r.mark <= first <= r.first and r.closed:
                    # quoted at once: what follows the end mark is no more content, unless it is the larger part
                    if r.last - r.first >= 4 or r.last >= last - 2:
                        last = r.last
                elif first < r.first and r.closed and r.last - r.first >= 5 and r.last + 2 < last:
                    after = tokens[r.last + 1 : r.last + 4]
                    if any(x.text in "،," for x in after[:2]) and not any(x.norm[:1] == "و" for x in after):
                        last = r.last
                quoted += max(0, min(r.last, last) - max(r.first, first))
            if direct is None:
                direct = quoted * 2 > last - first
        return Draft(first, last, bool(direct), i, self._subject(i, opener, cue), cue, rule)

    def _content_end(self, first: int) -> int:
        """The sentence's end, or an attribution or contrast before it."""
        tokens = self.tokens
        for j in range(first + 3, len(tokens) - 2):
            if self.in_region[j]:
                continue
            if tokens[j - 1].text in "،,؛" and (
                tokens[j].norm in _markers("break")
                or ((told := forms().get(tokens[j].norm)) is not None and told.shape == "participle")
                or (tokens[j].norm == "في" and tokens[j + 1].norm in ("حين", "الوقت"))
            ):
                return j - 1
            if self._source_word(j) and self._source_phrase(j) is not None:
                return j
        return len(tokens)

    def _subject(self, i: int, opener: int, cue: Cue) -> tuple[int, int] | None:
        tokens = self.tokens
        for j in range(i + 1, opener):
            if tokens[j].norm == "لسان" or (
                tokens[j].norm == "عن" and ("from" in cue.takes or tokens[j - 1].norm == "نقلا")
            ):
                return self.speakers.phrase(tokens, j + 1, opener)
        after = None
        if cue.shape in ("perfect", "imperfect", "noun", "object"):
            after = self.speakers.phrase(tokens, i + 1, opener)
        if after is not None and "as" in cue.takes and not self.speakers.agent(tokens, after):
            after = None
        if after is None and cue.shape in ("perfect", "imperfect") and cue.gender:
            lead = tokens[i].norm not in forms()
            if not lead:
                return self.speakers.before(tokens, i)
        return after

    def _source_word(self, i: int) -> str:
        norm = self.tokens[i].norm
        if norm[:1] == "و" and norm not in _markers("source"):
            norm = norm[1:]
        return norm if norm in _markers("source") else ""

    def _source_phrase(self, i: int) -> tuple[int, int] | None:
        """The speaker after بحسب and its like at `i`, None where it names no speaker."""
        tokens = self.tokens
        j = i + 1
        attached = False
        if j < len(tokens) and tokens[j].norm in ("ما", "لما"):
            j += 1
            attached = True
        if attached or self._source_word(i) in ("حسبما", "كما", "وفقما"):
            if j >= len(tokens) or (self._cue_at(j) is None and tokens[j].norm not in _markers("told")):
                return None
            j += 1
        elif self._source_word(i) in ("نقلا", "استنادا"):
            j += 1
        if self._source_word(i) == "كما" and any(
            t.norm in _BARE | _WITH_PRONOUN or t.text == ":" for t in tokens[j : j + 20]
        ):
            return None
        stop = next((k for k in range(j + 1, len(tokens)) if tokens[k].text in ".؛" or tokens[k].norm in ("فان", "فقد")),
                    len(tokens))  # fmt: skip
        if j < len(tokens) and tokens[j].norm in ("لهذا", "لهذه", "هذا", "هذه"):
            j += 1
        found = self.speakers.phrase(tokens, j, min(stop, j + 25))
        if found is None or (self._source_word(i) == "كما" and found[1] < len(tokens) - 3):
            return None
        attached = attached or self._source_word(i) in ("حسبما", "كما", "نقلا")
        return found if attached or self.speakers.speaks(tokens, found) else None

    def _sourced(self, found: Sequence[Draft], cues: Sequence[tuple[int, Cue]]) -> list[Draft]:
        tokens = self.tokens
        made: list[Draft] = []
        for i in range(self.start, len(tokens)):
            norm = self._source_word(i)
            if not norm or self.in_region[i]:
                continue
            who = self._source_phrase(i)
            if who is None:
                continue
            told = Cue("بحسب", "source", frozenset(), "neutral", "")
            if i <= self.start + 1:
                comma = next((k for k in range(who[1], len(tokens)) if tokens[k].text in "،,"), None)
                comma = who[1] if comma is None or comma > who[1] + 14 else comma + 1
                if comma < len(tokens) and tokens[comma].norm in ("فان", "فقد", "فانه"):
                    comma += tokens[comma].norm != "فانه"
                upto = min([len(tokens), *(self._clause_start(d.cue, comma) for d in found if d.cue and d.cue > i)])
                if upto - comma >= 3:
                    made.append(Draft(comma, upto, self._quoted(comma, upto), i, who, told, "source"))
                continue
            begin = max([self.start, *(d.last for d in [*found, *made] if d.first < i)])
            if any(d.first < i <= d.last + 2 for d in [*found, *made]):
                continue
            region = next((r for r in self.regions if r.closed and i - 3 <= r.last < i and r.last - r.first >= 4), None)
            if region is not None and (i - region.first) * 2 >= i - begin:
                made.append(Draft(region.first, region.last, True, i, who, told, "source"))
            else:
                begin = self._after_dateline(begin)
                begin = self._last_clause(begin, i)
                made.append(Draft(begin, i, self._quoted(begin, i), i, who, told, "source"))
        return made

    def _quoted(self, first: int, last: int) -> bool:
        inside = sum(max(0, min(r.last, last) - max(r.first, first)) for r in self.regions)
        return inside * 2 > last - first

    def _after_dateline(self, begin: int) -> int:
        tokens = self.tokens
        for k in range(begin, min(begin + 12, len(tokens) - 1)):
            if (tokens[k].text in "-–—" and tokens[k + 1].text in "-–—") or tokens[k].text == "—":
                return k + 2 if tokens[k + 1].text in "-–—" else k + 1
        return begin

    def _last_clause(self, begin: int, i: int) -> int:
        for k in range(i - 3, begin, -1):
            if self.tokens[k].norm in _markers("break") and self.tokens[k - 1].text in "،,":
                return k + 1
        return begin

    def _after_quotation(self, found: Sequence[Draft], cues: Sequence[tuple[int, Cue]]) -> list[Draft]:
        """«…»، قال فلان: a long quotation that no cue claimed has the cue after it."""
        made = []
        for r in self.regions:
            if not r.closed or r.last - r.first < 5 or any(d.first < r.last and r.first < d.last for d in found):
                continue
            nxt = next(((i, c) for i, c in cues if r.last < i <= r.last + 4), None)
            if nxt and not any(d.cue == nxt[0] for d in found):
                stop = next(
                    (k for k in range(nxt[0] + 1, len(self.tokens)) if self.tokens[k].text == "."), len(self.tokens)
                )
                who = self.speakers.phrase(self.tokens, nxt[0] + 1, min(stop, nxt[0] + 20))
                made.append(Draft(r.first, r.last, True, nxt[0], who, nxt[1], "after"))
        return made

    def _headline(self, found: Sequence[Draft]) -> list[Draft]:
        """`X: …` at the head of a sentence, X a name or office."""
        tokens = self.tokens
        if found or self.start:
            return []
        colon = next((k for k in range(1, min(14, len(tokens))) if tokens[k].text == ":"), None)
        if colon is None or colon + 2 >= len(tokens):
            return []
        who = self.speakers.head(tokens, colon)
        if who is None:
            return []
        return [Draft(colon + 1, len(tokens), True, None, who, None, "headline")]

    def whole(self) -> Draft | None:
        """A sentence wholly in quotation marks, without a cue."""
        tokens = self.tokens
        for r in self.regions:
            if r.mark <= 1 and r.last - r.first >= 5 and r.last >= len(tokens) - 3 and self.speakers.last:
                return Draft(r.first, r.last, True, None, None, None, "whole")
        return None
