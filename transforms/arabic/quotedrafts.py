"""Quotation drafts: the quotations of one sentence, read left to right.

Knows: verbs of speech with أن, a colon, quotation marks, a preposition or a verbal noun; بحسب and its like; headlines `X: …`;
a quotation with its verb behind it.  Does not know: other sentences.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from transforms.arabic.quotesentence import BARE, WITH_PRONOUN, SpeechSentence, markers
from transforms.arabic.speech import Cue, forms

#: Between verb and opener stand at most so many words.
REACH: Final = 45


class Draft(NamedTuple):
    """A quotation by token indices, before its end is known for good."""

    first: int
    last: int
    direct: bool
    cue: int | None
    subject: tuple[int, int] | None
    found: Cue | None
    rule: str


class Drafts(SpeechSentence):
    """The quotations of one sentence."""

    def drafts(self) -> list[Draft]:
        tokens = self.tokens
        cues = [(i, c) for i in range(self.start, len(tokens)) if (c := self.cue_at(i))]
        found: list[Draft] = []
        for n, (i, cue) in enumerate(cues):
            if found and i < found[-1].first:
                continue
            if i > self.start + 1 and tokens[i - 1].norm == "ما" and self.source_word(i - 2):
                continue
            if found and i < found[-1].last and not self.independent(i, cue):
                continue
            draft = self._open(i, cue, cues[n + 1 :])
            if draft is None:
                continue
            if found and i < found[-1].last:
                found[-1] = found[-1]._replace(last=max(found[-1].first, self.clause_start(i, found[-1].first)))
            found.append(draft)
        found += self._sourced(found)
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

    def _open(self, i: int, cue: Cue, later: Sequence[tuple[int, Cue]]) -> Draft | None:
        """The quotation that the cue at `i` opens, its content up to the sentence's end."""
        tokens = self.tokens
        end = min(len(tokens), i + REACH)
        for k, other in later:
            relative = tokens[k - 1].norm in markers("relative")
            passable = other.shape == "noun" or (other.lemma == "قال" and other.shape == "participle")
            if not relative and not passable:
                end = min(end, k)
                break
        near = i + 25 if "weak" in cue.takes else end
        tied = tokens[i].norm in markers("homograph")
        j = i + 1
        while j < min(end, near):
            t = tokens[j]
            previous = tokens[j - 1].norm
            region = self.openings.get(j)
            if region is not None:
                size = region.last - region.first
                head = previous in markers("title head") or self.name_like(region)
                if (
                    "as" in cue.takes
                    or (size >= 4 and not head)
                    or (j == i + 1 and size >= 3 and "from" not in cue.takes)
                    or not region.closed
                ):
                    first = region.first
                    if first < len(tokens) and tokens[first].norm in BARE:
                        first += 1
                    return self._draft(first, region.last, True, i, j, cue, "quoted")
                j = region.last
            elif t.text == ":":
                return self._draft(j + 1, None, True, i, j, cue, "colon")
            elif (
                (t.norm in BARE or t.norm in WITH_PRONOUN)
                and previous not in markers("no speech before")
                and not (j + 1 < len(tokens) and tokens[j + 1].text == "." and tokens[j + 1].start == t.end)
                and (
                    previous not in ("علي", "الي", "من")
                    or previous in cue.takes
                    or f"{previous}-ان" in cue.takes
                    or j <= i + 3
                )
            ):
                if "quoted" in cue.takes and not self.regions_after(j):
                    return None if cue.stance != "warn" else self._draft(j + 1, None, False, i, j, cue, "that")
                if tied and j > i + 12:
                    return None
                first = j if t.norm in WITH_PRONOUN else j + 1
                opener = j - 1 if previous in ("الي", "علي", "من", "عن") and j - 1 > i else j
                return self._draft(first, None, None, i, opener, cue, "as" if "as" in cue.takes else "that")
            elif "as" in cue.takes and t.norm[:1] == "ب" and self.regions_after(j) and j > i:
                near_region = next((r for r in self.regions if r.mark >= j), None)
                if near_region and near_region.mark <= j + 3:
                    return self._draft(j, near_region.last, True, i, j, cue, "as")
            elif self.by_preposition(i, j, cue):
                if not self.main(i, cue):
                    return None
                if "from" not in cue.takes and not (
                    j + 1 < len(tokens) and (tokens[j + 1].norm in BARE | WITH_PRONOUN)
                ):
                    return self._draft(j if t.norm[0] == "ب" else j + 1, None, None, i, j, cue, "preposition")
            elif "noun" in cue.takes and self.verbal_noun(i, j) and not self._told_later(j, end):
                return self._draft(j, None, None, i, j, cue, "verbal noun")
            j += 1
        return None

    def _told_later(self, j: int, end: int) -> bool:
        """Whether أن opens the content later, after a pause or a day."""
        tokens = self.tokens
        for k in range(j + 1, min(end, j + 16)):
            if tokens[k].norm in BARE or tokens[k].norm in WITH_PRONOUN:
                return tokens[k - 1].kind == "punct" or tokens[k - 1].norm in markers("time")
        return False

    def _draft(
        self, first: int, last: int | None, direct: bool | None, i: int, opener: int, cue: Cue, rule: str
    ) -> Draft:
        tokens = self.tokens
        while first < len(tokens) and tokens[first].norm in BARE and rule == "colon":
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
                tokens[j].norm in markers("break")
                or ((told := forms().get(tokens[j].norm)) is not None and told.shape == "participle")
                or (tokens[j].norm == "في" and tokens[j + 1].norm in ("حين", "الوقت"))
            ):
                return j - 1
            if self._turns(j):
                return j - (tokens[j - 1].text in "،,")
            if self.source_word(j) and self.source_phrase(j) is not None:
                return j
        return len(tokens)

    def _turns(self, j: int) -> bool:
        """Whether the teller takes over at token j: `في الوقت الذي`, `، رغم أنها`, `، إلا أن الإدارة أقرت`."""
        tokens, norm = self.tokens, self.tokens[j].norm
        if norm == "في":
            return tokens[j + 1].norm == "الوقت" and tokens[j + 2].norm == "الذي"
        if tokens[j - 1].text not in "،," or tokens[j + 1].norm not in BARE | WITH_PRONOUN:
            return False
        return norm == "رغم" or (norm == "الا" and any(self.cue_at(k) for k in range(j + 2, min(j + 5, len(tokens)))))

    def _subject(self, i: int, opener: int, cue: Cue) -> tuple[int, int] | None:
        tokens = self.tokens
        for j in range(i + 1, opener):
            if tokens[j].norm == "لسان" or (
                tokens[j].norm == "عن" and ("from" in cue.takes or tokens[j - 1].norm == "نقلا")
            ):
                return self.speakers.phrase(tokens, j + 1, opener)
        if "in" in cue.takes and tokens[i + 1].norm == "في":
            return self.speakers.phrase(tokens, i + 2, opener)
        # `الوزير أبلغ السفير بـ`: behind the verb stands whom it is told.
        if "told" in cue.takes and tokens[i].norm in forms() and (before := self.speakers.before(tokens, i)):
            return before
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

    def _sourced(self, found: Sequence[Draft]) -> list[Draft]:
        tokens = self.tokens
        made: list[Draft] = []
        for i in range(self.start, len(tokens)):
            norm = self.source_word(i)
            if not norm or self.in_region[i]:
                continue
            who = self.source_phrase(i)
            if who is None:
                continue
            told = Cue("بحسب", "source", frozenset(), "neutral", "")
            if i <= self.start + 1:
                comma = next((k for k in range(who[1], len(tokens)) if tokens[k].text in "،,"), None)
                comma = who[1] if comma is None or comma > who[1] + 14 else comma + 1
                if comma < len(tokens) and tokens[comma].norm in ("فان", "فقد", "فانه"):
                    comma += tokens[comma].norm != "فانه"
                upto = min([len(tokens), *(self.clause_start(d.cue, comma) for d in found if d.cue and d.cue > i)])
                if upto - comma >= 3:
                    made.append(Draft(comma, upto, self.quoted(comma, upto), i, who, told, "source"))
                continue
            begin = max([self.start, *(d.last for d in [*found, *made] if d.first < i)])
            # `وذكرت الصحيفة نقلا عن مصدر أن …`: before it stands the verb of what is told after it.
            if any(d.cue is not None and begin <= d.cue < i <= d.first for d in found):
                continue
            if any(d.first < i <= d.last + 2 for d in [*found, *made]):
                continue
            region = next((r for r in self.regions if r.closed and i - 3 <= r.last < i and r.last - r.first >= 4), None)
            if region is not None and (i - region.first) * 2 >= i - begin:
                made.append(Draft(region.first, region.last, True, i, who, told, "source"))
            else:
                begin = self.after_dateline(begin)
                begin = self.last_clause(begin, i)
                made.append(Draft(begin, i, self.quoted(begin, i), i, who, told, "source"))
        return made

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
