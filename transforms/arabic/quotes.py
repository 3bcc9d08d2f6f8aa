"""Quotes: who is quoted with which words, direct or indirect.

Knows: speech verbs before أن/إن, a colon, quotation marks, a preposition of their own or a verbal noun; `بحسب` and its
like; quotation marks that stay open over several sentences.  Does not know: who a pronoun is.
"""

import functools
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.characters import normal_form
from transforms.arabic.lexicon import table, words
from transforms.arabic.spans import Name, Span

#: Words that open what is said; أن and إن are no content, their forms with a pronoun are.
_OPENERS: Final = frozenset({"ان", "بان", "فان"})
_PRONOUNS: Final = ("ه", "ها", "هم", "هما", "ني", "نا", "ي", "هن")
_WITH_PRONOUN: Final = frozenset(before + "ان" + after for before in ("", "ب", "ف") for after in _PRONOUNS)
#: After these أن only belongs to them.
_NO_OPENER_AFTER: Final = frozenset(
    [
        "بعد",
        "قبل",
        "منذ",
        "الا",
        "دون",
        "بدون",
        "غير",
        "رغم",
        "يمكن",
        "يجب",
        "ينبغي",
        "يريد",
        "تريد",
        "ضروره",
        "بضروره",
        "المتوقع",
        "المقرر",
        "المفترض",
        "المرجح",
        "شرط",
        "بشرط",
        "لابد",
        "بد",
        "مجرد",
        "بمجرد",
        "حتي",
        "يتوقع",
        "شان",
        "شانه",
        "شانها",
        "يفترض",
        "ويجب",
        "ويمكن",
    ]
)
_CLOSING: Final = {"«": "»", '"': '"', "“": "”", "”": "“", "‘": "’", "''": "''"}
#: Clauses that begin with these after a mark are the article's own voice again.
_ASIDE: Final = frozenset(["فيما", "بينما"])
_RELATIVE: Final = frozenset(["ما", "لما", "مما", "كما", "بما", "التي", "الذي", "الذين", "من", "لم", "لا", "لن"])
_LEADING: Final = frozenset(
    [
        "و",
        "ف",
        "قد",
        "وقد",
        "فقد",
        "لقد",
        "كان",
        "وكان",
        "كانت",
        "وكانت",
        "كما",
        "لكن",
        "ولكن",
        "اما",
        "هذا",
        "ثم",
        "حيث",
        "ان",
        "وان",
        "فيما",
        "بينما",
        "بدوره",
        "بدورها",
        "وبدوره",
        "وبدورها",
        "الا",
        "واذ",
        "اذ",
        "حين",
    ]
)
#: Verbal nouns of the news that `_patterned` does not know by their letters.
_VERBAL: Final = frozenset(
    [
        "مقتل",
        "وفاه",
        "اصابه",
        "ضروره",
        "وجود",
        "رفض",
        "دعم",
        "وقف",
        "قتل",
        "بدء",
        "فتح",
        "طرد",
        "نشر",
        "فرض",
        "سقوط",
        "وصول",
        "وقوع",
        "حدوث",
        "فوز",
        "خوض",
        "حق",
        "قلق",
        "قلقه",
        "قلقها",
        "اقامه",
        "اقاله",
        "اعاده",
        "ازاله",
        "اداره",
        "زياده",
        "عوده",
        "حاله",
        "موافقه",
        "مشاركه",
        "مواصله",
        "مغادره",
        "محاوله",
        "منع",
        "ضبط",
        "حرص",
        "حرصه",
        "حرصها",
        "حصيله",
        "انه",
        "عدم",
        "رغبه",
        "ثقه",
        "ثقته",
        "نيه",
        "نيتها",
        "نيته",
        "استعداده",
        "استعدادها",
        "رفضه",
        "رفضها",
        "دعمه",
        "دعمها",
        "التزامه",
        "التزامها",
        "شن",
        "قصف",
        "نقل",
        "نجاح",
        "كشف",
        "عزمه",
    ]
)
#: Speech that did not happen.
_DENIED: Final = frozenset({"لم", "لن", "ولم", "ولن", "دون"})
#: What may stand before the next cue and belongs to it.
_CONNECTIVES: Final = frozenset(["كما", "فيما", "بينما", "ولكن", "لكن", "وقد", "ثم", "و"])
#: A speaker and what is told of him stand between verb and opener in at most so many words.
_REACH: Final = 40
_SPEAKER: Final = 14


class QuoteSpan(NamedTuple):
    """One quotation: its content, whether in its own words, and the spans of cue and speaker where told."""

    start: int
    end: int
    direct: bool
    cue: Span | None
    speaker: Span | None


class _Cue(NamedTuple):
    """A word that opens speech: its place in the sentence and what the word list tells of it."""

    at: int
    form: str
    complement: tuple[str, ...]
    span: Span


class _Content(NamedTuple):
    """What a cue opens: tokens[first:stop], stop None for an open end; the opener begins at `opener`."""

    opener: int
    first: int
    stop: int | None
    direct: bool


@functools.cache
def _cues() -> dict[str, dict[str, str]]:
    return {normal_form(row["word"]): row for row in table("speech_verbs")}


def find_quotes(text: str, sentences: Sequence[Sequence[Token]], names: Sequence[Name] = ()) -> tuple[QuoteSpan, ...]:
    """The quotations in the sentences' tokens, in text order; offsets into `text`.

    `names` lets a speaker phrase run on to the person named after a preposition or comma.
    """
    quotes: list[QuoteSpan] = []
    people = [name for name in names if name.type == "PER"]
    awaited = ""  # the mark that ends a quotation begun in an earlier sentence
    for number, tokens in enumerate(sentences):
        if not tokens:
            continue
        marks = _marks(text, tokens)
        begin = 0
        if awaited:
            close = next((i for i, mark in sorted(marks.items()) if mark == awaited), len(tokens))
            quotes += _quote(tokens, 0, close, True, None, None)
            begin = close
            if close < len(tokens):
                marks = {i: mark for i, mark in marks.items() if i > close}
                awaited = ""
            else:
                continue
        pairs = _pairs(marks)
        found = _in_sentence(tokens, begin, pairs, people)
        quotes += found
        unclosed = next((i for i, stop in pairs.items() if stop is None), None)
        if unclosed is not None and any(q.direct and q.start >= tokens[unclosed].start for q in found):
            mark = _CLOSING[marks[unclosed]]
            later = sentences[number + 1 : number + 9]
            # A mark that no later sentence closes was left out by the writer: the quotation ends with its sentence.
            awaited = mark if any(mark in _marks(text, ts).values() for ts in later) else ""
    return tuple(sorted(quotes, key=lambda q: (q.start, q.end)))


def _marks(text: str, tokens: Sequence[Token]) -> dict[int, str]:
    """The quotation marks by token index; two apostrophes in a row are one mark at the first's index."""
    marks = {}
    for i, token in enumerate(tokens):
        if token.kind != "punct":
            continue
        if token.text in _CLOSING or token.text in ("»", "’"):
            marks[i] = token.text
        elif token.text == "'" and text[token.start : token.start + 2] == "''" and i - 1 not in marks:
            marks[i] = "''"
    return marks


def _pairs(marks: dict[int, str]) -> dict[int, int | None]:
    """Index of the closing mark by index of the opening one; None where it does not close."""
    pairs: dict[int, int | None] = {}
    opened: int | None = None
    for i, mark in sorted(marks.items()):
        if opened is not None and mark == _CLOSING[marks[opened]]:
            pairs[opened] = i
            opened = None
        elif opened is None and mark in _CLOSING:
            opened = i
    if opened is not None:
        pairs[opened] = None
    return pairs


def _in_sentence(
    tokens: Sequence[Token], begin: int, pairs: dict[int, int | None], people: Sequence[Name]
) -> list[QuoteSpan]:
    cues = [cue for i in range(begin, len(tokens)) if (cue := _cue(tokens, i))]
    contents = {cue.at: _content(tokens, cue, cues, pairs) for cue in cues if cue.form != "source"}
    quotes: list[QuoteSpan] = []
    for n, cue in enumerate(cues):
        taken = quotes[-1].end if quotes else 0
        if cue.form == "source":
            quotes += _sourced(tokens, cue, begin, quotes)
            continue
        content = contents[cue.at]
        if content is None or tokens[cue.at].start < taken:
            continue
        stop = content.stop
        if stop is None:
            stop = len(tokens)
            for later in cues[n + 1 :]:
                if later.at > content.first and _chained(tokens, later, contents, pairs):
                    stop = later.at
                    break
            for i in range(content.first + 3, stop):
                if tokens[i].norm in _ASIDE and tokens[i - 1].kind == "punct":
                    stop = i
                    break
            close = next((pairs[i] for i in range(content.first, content.first + 4) if i in pairs), None)
            if (
                close is not None
                and close - content.first >= 5
                and tokens[close + 1 : close + 2]
                and tokens[close + 1].text in ("،", ",")
            ):
                stop = min(stop, close)
        speaker = _speaker(tokens, cue, content.opener, begin, pairs, people)
        quotes += _quote(tokens, content.first, stop, content.direct, cue.span, speaker)
    return quotes


def _cue(tokens: Sequence[Token], i: int) -> _Cue | None:
    token = tokens[i]
    if token.kind != "word":
        return None
    norm, start = token.norm, token.start
    row = _cues().get(norm)
    prefixed = False
    if row is None and norm[:1] in ("و", "ف") and (row := _cues().get(norm[1:])):
        prefixed, start = True, start + 1
    if row is None:
        return None
    before = tokens[i - 1] if i else None
    if row["ambiguous"] and not (
        prefixed or before is None or before.kind == "punct" or before.norm in _LEADING or "ّ" in token.text
    ):
        return None
    if before is not None and before.norm in _DENIED:
        return None
    if row["lemma"] == "ذكر" and row["form"] == "imperfect" and i + 1 < len(tokens) and tokens[i + 1].norm == "ان":
        return None  # `يذكر أن`: the article's own voice
    return _Cue(i, row["form"], tuple(row["complement"].split()), Span(start, token.end))


def _content(tokens: Sequence[Token], cue: _Cue, cues: Sequence[_Cue], pairs: dict[int, int | None]) -> _Content | None:
    """What the cue opens, or None where it opens nothing."""
    others = {c.at for c in cues if c.at > cue.at and c.form != "noun"}
    reach = min(cue.at + _REACH, len(tokens))
    i, preposition = cue.at + 1, None
    while i < reach:
        token, before = tokens[i], tokens[i - 1]
        if i in others and (tokens[i].norm not in _WITH_PRONOUN):
            break
        if token.text == ":":
            j = i + 1
            if j in pairs:
                return _Content(i, j + 1, pairs[j], True)
            return _Content(i, j, None, True)
        if token.norm in _OPENERS and before.norm not in _NO_OPENER_AFTER:
            if i + 1 in pairs and _whole(tokens, i + 1, pairs):
                return _Content(i, i + 2, pairs[i + 1], True)
            return _Content(i, i + 1, None, False)
        if token.norm in _WITH_PRONOUN and before.norm not in _NO_OPENER_AFTER:
            if i + 1 in pairs and _whole(tokens, i + 1, pairs):
                return _Content(i, i + 2, pairs[i + 1], True)
            return _Content(i, i, None, False)
        if i in pairs:
            close = pairs[i]
            length = (len(tokens) if close is None else close) - i - 1
            if length >= 5 or (i == cue.at + 1 and length >= 3):
                return _Content(i, i + 1, close, True)
            i = i + 1 if close is None else close + 1
            continue
        if preposition is None and _prepositional(token, cue):
            preposition = i
        i += 1
    if preposition is not None:
        own_word = tokens[preposition].norm in map(normal_form, cue.complement)
        return _Content(preposition, preposition + own_word, None, False)
    if "noun" in cue.complement:
        for j in range(cue.at + 1, min(i, cue.at + _SPEAKER)):
            if _verbal(tokens[j]) and (j == cue.at + 1 or tokens[j - 1].norm not in words("speaker_stops", "word")):
                return _Content(j, j, None, False)
    return None


def _prepositional(token: Token, cue: _Cue) -> bool:
    """Whether the token is the cue's own preposition: a word for itself, or ب before a word."""
    for complement in map(normal_form, cue.complement):
        if complement == token.norm or (complement == "ب" and token.norm[:1] == "ب" and _verbal_after(token.norm[1:])):
            return True
    return False


def _verbal_after(norm: str) -> bool:
    return norm.startswith("ال") or norm in _VERBAL or _patterned(norm)


def _patterned(norm: str) -> bool:
    """Whether a word without article has the letters of a verbal noun of a derived verb."""
    if norm[:1] == "ت" and len(norm) == 5:
        return norm[3] == "ي"
    if norm[:1] == "ت" and len(norm) == 4:
        return norm[2] != "ي" and norm[-1] not in "ته"
    return norm[:1] == "ا" and norm[1:2] != "ل" and len(norm) in (5, 6, 7) and norm[-2] == "ا"


def _verbal(token: Token) -> bool:
    return token.kind == "word" and not token.definite and (token.norm in _VERBAL or _patterned(token.norm))


def _whole(tokens: Sequence[Token], opening: int, pairs: dict[int, int | None]) -> bool:
    """Whether the marks hold most of what follows them."""
    close = pairs[opening]
    return close is None or (close - opening) * 2 > len(tokens) - opening


def _chained(
    tokens: Sequence[Token], cue: _Cue, contents: dict[int, _Content | None], pairs: dict[int, int | None]
) -> bool:
    """Whether a later cue begins a quotation of its own, by the same speaker or another."""
    if any(i < cue.at and (stop is None or cue.at < stop) for i, stop in pairs.items()):
        return False
    if cue.form == "participle":
        return tokens[cue.at].norm[-1] in "اهن" and contents.get(cue.at) is not None
    if cue.form == "source":
        return True
    before = tokens[cue.at - 1]
    content = contents.get(cue.at)
    if content is None or content.opener - cue.at > _SPEAKER or before.norm in _RELATIVE:
        return False
    return cue.span.start > tokens[cue.at].start or before.kind == "punct" or before.norm in _LEADING


def _quote(
    tokens: Sequence[Token], first: int, stop: int, direct: bool, cue: Span | None, speaker: Span | None
) -> list[QuoteSpan]:
    """The quotation of tokens[first:stop] without marks and connectives at its edges; none where too little is left."""
    while stop > first and (tokens[stop - 1].kind == "punct" or tokens[stop - 1].norm in _CONNECTIVES):
        stop -= 1
    while first < stop and tokens[first].kind == "punct":
        first += 1
    if direct and first < stop and tokens[first].norm == "ان":
        first += 1
    if stop - first < (1 if direct and cue else 2):
        return []
    return [QuoteSpan(tokens[first].start, tokens[stop - 1].end, direct, cue, speaker)]


def _sourced(tokens: Sequence[Token], cue: _Cue, begin: int, quotes: list[QuoteSpan]) -> list[QuoteSpan]:
    """The quotation of `بحسب` and its like: the clause before, or after a comma where it opens the sentence."""
    i = cue.at + 1
    while i < len(tokens) and (
        tokens[i].norm in ("ما", "لما", "عن", "قول", "ل")
        or (i - cue.at < 4 and (tokens[i].norm in _cues() or tokens[i].norm[:-1] in _cues()))
    ):
        i += 1
    if i >= len(tokens) or tokens[i].kind not in ("word", "latin"):
        return []
    speaker_end = _phrase_end(tokens, i, min(i + _SPEAKER, len(tokens)), {})
    if speaker_end == i:
        return []
    # Only `وفقا` and its like govern with ل; after `بحسب` it is the name's own letter.
    governed = tokens[i].norm[:1] == "ل" and cue.at + 1 == i and tokens[cue.at].norm[-1:] == "ا"
    start = tokens[i].start + (governed or tokens[i].norm.startswith("لل"))
    speaker = Span(start, tokens[speaker_end - 1].end)
    if cue.at - begin < 2:
        near = range(i, min(i + 20, len(tokens)))
        after = next((j for j in near if tokens[j].norm in ("،", ",", "فان")), None)
        if after is not None and after + 1 < len(tokens) and tokens[after + 1].norm == "فان":
            after += 1
        return [] if after is None else _quote(tokens, after + 1, len(tokens), False, cue.span, speaker)
    taken = quotes[-1].end if quotes else -1
    if quotes and tokens[cue.at - 1].end - taken < 3:
        # The clause is what somebody has been quoted with already: whose words they are was told there.
        return []
    first = begin
    for j in range(cue.at - 3, begin, -1):
        aside = tokens[j].norm in _ASIDE and tokens[j - 1].kind == "punct"
        if tokens[j].start < taken or tokens[j].text == "؛" or aside:
            first = j + aside
            break
    return _quote(tokens, first, cue.at, False, cue.span, speaker)


def _speaker(
    tokens: Sequence[Token], cue: _Cue, opener: int, begin: int, pairs: dict[int, int | None], people: Sequence[Name]
) -> Span | None:
    """The phrase after the verb, or before it where nothing stands after it; None where only the verb tells."""
    first = cue.at + 1
    last = _phrase_end(tokens, first, opener, pairs)
    if last > first:
        end = tokens[last - 1].end
        # `الخبير في شؤون … منير أديب`: on to the person where the phrase has none yet.
        inside = [p for p in people if tokens[first].start <= p.start and p.end <= tokens[opener].start]
        if inside and inside[0].start >= end and all(t.norm not in _cues() for t in tokens[last:opener]):
            end = inside[0].end
        return Span(tokens[first].start, end)
    if cue.form not in ("perfect", "imperfect") or (
        cue.span.start > tokens[cue.at].start and tokens[cue.at].norm[0] != "ف"
    ):
        return None
    return _subject_before(tokens, cue.at, begin, pairs)


def _subject_before(tokens: Sequence[Token], verb: int, begin: int, pairs: dict[int, int | None]) -> Span | None:
    """The phrase at the beginning of the verb's clause."""
    stop = verb
    while stop > begin and (tokens[stop - 1].norm in _LEADING or tokens[stop - 1].norm in ("التي", "الذي", "الذين")):
        stop -= 1
    first = stop
    while first > begin and verb - first < 25 and tokens[first - 1].text not in "؛.":
        first -= 1
    while first < stop and (tokens[first].norm in _LEADING or tokens[first].kind == "punct"):
        first += 1
    last = _phrase_end(tokens, first, stop, pairs)
    if last == first:
        return None
    start = tokens[first].start
    if tokens[first].proclitics[:1] in (("و",), ("ف",)):
        start += 1
    return Span(start, tokens[last - 1].end)


def _phrase_end(tokens: Sequence[Token], first: int, limit: int, pairs: dict[int, int | None]) -> int:
    """Index after a noun phrase: up to the first preposition, mark, time or relative word; names in marks are held."""
    stops = words("speaker_stops", "word")
    i = first
    while i < limit:
        token = tokens[i]
        if i in pairs and i > first:
            close = pairs[i]
            if close is None or close >= limit or close - i > 6:
                break
            i = close + 1
            continue
        # `مسؤول في الوزارة`, `مصدر من الشرطة`: an indefinite head goes on over its preposition.
        if token.norm in ("في", "من") and i == first + 1 and not tokens[first].definite and i + 1 < limit:
            if tokens[i + 1].norm.startswith(("بيان", "تصريح", "موتمر", "مقابله", "حديث", "كلمه", "جهت")):
                break
            i += 2
            continue
        if token.norm in stops or token.kind not in ("word", "latin"):
            break
        if i > first and token.norm.startswith("لل") and token.norm.startswith(("للصحاف", "للصحف", "للوكال")):
            break
        i += 1
    return i
