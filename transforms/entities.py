"""Entities: names with who and where they are, titles, dates and quantities, as rows of the article."""

import bisect
import dataclasses
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from schemas.document import Document
from schemas.mention import Mention
from transforms.arabic.characters import normal_form
from transforms.arabic.dates import find_dates
from transforms.arabic.names import fullest
from transforms.arabic.numbers import find_numbers
from transforms.arabic.places import adjective_country, body_country, resolve, sure_country
from transforms.arabic.spans import Name
from transforms.arabic.titles import find_roles, find_titles
from transforms.engines.statistical import built_in
from transforms.engines.table import NameFinder
from transforms.rows import mention_row

_LETTER: Final = re.compile(r"[^\W_]")


def annotate_mentions(doc: Document, engine: NameFinder | None = None) -> Document:
    """The Document with names, titles, dates and quantities; a date wins over a quantity in the same place."""
    # A hashtag of a lone vowel mark has no letter that it could name anybody by.
    all_names = (engine or built_in()).find(doc.tokens)
    names = [n for n in all_names if _LETTER.search(normal_form(doc.article.text[n.start : n.end]))]
    titles = _titles(doc, names)
    mentions: list[Mention] = [
        mention_row(doc, name.start, name.end, name.type, engine=name.engine, score=name.score, **known)
        for name, known in zip(names, identities(doc.article.text, names, titles), strict=True)
    ]
    mentions += [mention_row(doc, title.start, title.end, "TITLE", engine=title.engine) for title in titles]
    for tokens in doc.tokens:
        if not tokens:
            continue
        dates = find_dates(tokens, doc.article.published_day)
        for date in dates:
            found: dict[str, Any] = {"date_start": date.first, "date_end": date.last}
            found |= {"date_precision": date.precision, "date_rule": date.rule}
            mentions.append(mention_row(doc, date.start, date.end, "DATE", engine="rules", **found))
        for number in find_numbers(tokens):
            # An ordinal counts nothing: among quantities it would be summed with them.
            if number.kind == "ordinal" or any(number.start < date.end and date.start < number.end for date in dates):
                continue
            values = {"value_min": number.value_min, "value_max": number.value_max, "unit": number.unit}
            mentions.append(mention_row(doc, number.start, number.end, "QUANTITY", engine="rules", **values))
    mentions.sort(key=lambda m: (m.start, m.end, m.type))
    return dataclasses.replace(doc, mentions=tuple(mentions))


def _titles(doc: Document, names: Sequence[Name]) -> list[Name]:
    """The titles of an article's persons in text order."""
    titles: list[Name] = []
    starts = [n.start for n in names]
    for tokens in doc.tokens:
        if tokens:
            first, last = (bisect.bisect_left(starts, at) for at in (tokens[0].start, tokens[-1].end))
            titles += find_titles(tokens, names[first:last])
    return titles


def identities(text: str, names: Sequence[Name], titles: Sequence[Name] = ()) -> list[dict[str, Any]]:
    """Of each name the columns that tell who or where it is; a person's role told once is told of all mentions."""
    norms = [" ".join(normal_form(text[n.start : n.end]).replace("_", " ").split()) for n in names]
    bracketed = [
        (i, i + 1)
        for i in range(len(names) - 1)
        if names[i].type == names[i + 1].type and text[names[i].end : names[i + 1].start].strip() in ("(", '("', "(«")
    ]
    full = fullest([(n.type, norm) for n, norm in zip(names, norms, strict=True)], bracketed)
    peoples = Counter(c for n, norm in zip(names, norms, strict=True) if n.type == "NORP" and (c := _people(norm)))
    lying = [norm for n, norm in zip(names, norms, strict=True) if n.type == "LOC"]
    places = resolve(lying, peoples, _told_beside(text, names, norms))
    roles = find_roles(text, names, titles)
    told = {full[i]: roles[i] for i in sorted(roles, reverse=True)}  # the first one told
    rows: list[dict[str, Any]] = []
    for name, norm, index in zip(names, norms, full, strict=True):
        row: dict[str, Any] = {}
        if name.type in ("PER", "ORG", "LOC"):
            row["name"] = _shown(text, names[index])
        if name.type == "NORP":
            row["country"] = _people(norm)
        elif name.type == "ORG":
            row["country"] = body_country(norm) or body_country(norms[index])
        elif name.type == "PER" and (role := told.get(index)):
            row |= {
                "role": role.text,
                "affiliation": _shown(text, names[full[role.body]]) if role.body is not None else None,
            }
        elif name.type == "LOC" and (place := places.get(norm)):
            row |= {"country": place.country, "admin1": place.admin1, "lat": place.lat, "lon": place.lon}
            row |= {"geonames_id": place.geonames_id, "place_precision": place.precision}
        rows.append(row)
    return rows


def _shown(text: str, name: Name) -> str:
    return " ".join(text[name.start : name.end].replace("_", " ").split())


#: What stands between a place and the country or people that tells where it lies: `شمالي`, `في محافظة`, `،`.
_BETWEEN = re.compile(
    r"[\s،,()\"«»]*(?:(?:في|من|ب|قرب|ضمن|(?:[بو]?(?:ال)?(?:شمال|جنوب|شرق|غرب|وسط|أقصى|محافظة|ولاية|إقليم|ريف|مقاطعة))ي?)[\s،(]*){0,4}"
)


def _told_beside(text: str, names: Sequence[Name], norms: Sequence[str]) -> dict[str, str]:
    """The countries told right beside places' names: `حلب السورية`, `العاصمة اليمنية صنعاء`, `إب وسط اليمن`."""
    told: dict[str, str] = {}
    for i, name in enumerate(names):
        if name.type != "LOC":
            continue
        after = names[i + 1] if i + 1 < len(names) else None
        before = names[i - 1] if i else None
        country = None
        if after and after.type == "NORP" and text[name.end : after.start].isspace():
            country = _people(norms[i + 1])
        if not country and before and before.type == "NORP" and text[before.end : name.start].isspace():
            country = _people(norms[i - 1])
        if not country and after and after.type == "LOC" and _BETWEEN.fullmatch(text, name.end, after.start):
            country = sure_country(norms[i + 1])
        if country:
            told.setdefault(norms[i], country)
    return told


def _people(norm: str) -> str | None:
    return next((c for word in norm.split() if (c := adjective_country(word))), None)
