"""The `mentions` table: one row is one mention of an entity, date or quantity."""

from dataclasses import dataclass
from datetime import date

from schemas.columns import column


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    mention_id: str = column("Hash of version_id, type, start and end")
    version_id: str = column("The article version that the offsets point into")
    sentence_index: int = column("The sentence it stands in, from 0")
    start: int = column("First code point in articles.text")
    end: int = column("One past the last code point")
    text: str = column("articles.text[start:end]")
    norm: str = column("Normalised form: no diacritics, unified letter variants")
    type: str = column("PER, ORG, LOC, NORP, TITLE, WEAPON, DATE or QUANTITY")
    name: str | None = column("Who or what it is, in the fullest form that the article gives", default=None)
    engine: str = column("What found it: rules, crf, camel …")
    score: float | None = column("Confidence of the engine, 0 to 1", default=None)
    country: str | None = column("ISO 3166-1 alpha-3, of a place, people or body", default=None)
    admin1: str | None = column("Name of the first-level division a place lies in", default=None)
    lat: float | None = column("Latitude of a place, degrees north, WGS 84", default=None)
    lon: float | None = column("Longitude of a place, degrees east, WGS 84", default=None)
    geonames_id: int | None = column("GeoNames id of a place", default=None)
    place_precision: str | None = column("point, city, district, governorate or country", default=None)
    date_start: date | None = column("First day that a date covers", default=None)
    date_end: date | None = column("Last day that a date covers, inclusive", default=None)
    date_precision: str | None = column("day, week, month, season, year, decade or interval", default=None)
    date_rule: str | None = column("The rule that read the date", default=None)
    value_min: float | None = column(
        "Least value of a quantity; null where only a bound from above is told", default=None
    )
    value_max: float | None = column("Greatest value of a quantity; null where open", default=None)
    unit: str | None = column("What a quantity counts, as a normalised stem or unit", default=None)
    run_id: str = column("The run that wrote the row")
    analyzer_version: str = column("Hash of the code, data files and models that made the row")
    role: str | None = column("What a person is, as told beside the name", default=None)
    affiliation: str | None = column("The body told with a person's role, in the fullest form", default=None)
