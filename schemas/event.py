"""The `events` table: one row is one event told in one sentence."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.columns import column

#: The sixteen PLOVER types, each with its quad class.
QUADS: Final = {
    "AGREE": "verbal cooperation",
    "CONSULT": "verbal cooperation",
    "SUPPORT": "verbal cooperation",
    "CONCEDE": "verbal cooperation",
    "COOPERATE": "material cooperation",
    "AID": "material cooperation",
    "RETREAT": "material cooperation",
    "REQUEST": "verbal conflict",
    "ACCUSE": "verbal conflict",
    "REJECT": "verbal conflict",
    "THREATEN": "verbal conflict",
    "PROTEST": "material conflict",
    "SANCTION": "material conflict",
    "MOBILIZE": "material conflict",
    "COERCE": "material conflict",
    "ASSAULT": "material conflict",
}
EVENT_TYPES: Final = tuple(QUADS)
STATUSES: Final = ("actual", "planned", "hypothetical", "negated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    event_id: str = column("Hash of version_id, type, trigger_start and trigger_end")
    version_id: str = column("The article version that the offsets point into")
    sentence_index: int = column("The sentence that tells it, from 0")
    trigger_start: int = column("First code point of the words that tell the event")
    trigger_end: int = column("One past their last code point")
    trigger: str = column("articles.text[trigger_start:trigger_end]")
    type: str = column("PLOVER event type")
    mode: str | None = column("PLOVER mode of the type; null where none fits", default=None)
    quad: str = column("verbal or material, cooperation or conflict")
    cameo: str | None = column("CAMEO code nearest to type and mode", default=None)
    actor_start: int | None = column("First code point of the phrase for who did it", default=None)
    actor_end: int | None = column("One past its last code point", default=None)
    actor_text: str | None = column("articles.text[actor_start:actor_end]", default=None)
    actor_name: str | None = column("Who that is, in the fullest form that the article gives", default=None)
    actor_country: str | None = column("ISO 3166-1 alpha-3, IGO or IMG", default=None)
    actor_sector: str | None = column(
        "GOV MIL COP JUD LEG SPY PTY OPP REB CVL MED BUS IGO NGO CRM EDU REL REF LAB", default=None
    )
    target_start: int | None = column("First code point of the phrase for whom it was done to", default=None)
    target_end: int | None = column("One past its last code point", default=None)
    target_text: str | None = column("articles.text[target_start:target_end]", default=None)
    target_name: str | None = column("Who that is, in the fullest form that the article gives", default=None)
    target_country: str | None = column("ISO 3166-1 alpha-3, IGO or IMG", default=None)
    target_sector: str | None = column("As actor_sector", default=None)
    place_start: int | None = column("First code point of the most specific named place of the event", default=None)
    place_end: int | None = column("One past its last code point", default=None)
    place_text: str | None = column("articles.text[place_start:place_end]", default=None)
    country: str | None = column("ISO 3166-1 alpha-3 of the place, or of where it happened", default=None)
    lat: float | None = column("Latitude of the place, degrees north, WGS 84", default=None)
    lon: float | None = column("Longitude of the place, degrees east, WGS 84", default=None)
    geonames_id: int | None = column("GeoNames id of the place", default=None)
    date_start: date | None = column("First day that it may have happened on", default=None)
    date_end: date | None = column("Last day that it may have happened on, inclusive", default=None)
    date_precision: str | None = column("day, week, month, season, year, decade or interval", default=None)
    date_rule: str | None = column("How the date was found: clause, sentence, carried …", default=None)
    status: str = column("actual, planned, hypothetical or negated")
    said_by_start: int | None = column(
        "First code point of the phrase for who claims it; null in the article's own voice", default=None
    )
    said_by_end: int | None = column("One past its last code point", default=None)
    said_by_text: str | None = column("articles.text[said_by_start:said_by_end]", default=None)
    said_by_name: str | None = column("Who that is, in the fullest form that the article gives", default=None)
    killed_min: int | None = column("Least number of dead told for this event in this sentence", default=None)
    killed_max: int | None = column("Greatest number of dead told; null where open or not told", default=None)
    injured_min: int | None = column("Least number of injured told for this event in this sentence", default=None)
    injured_max: int | None = column("Greatest number of injured told; null where open or not told", default=None)
    count_scope: str | None = column(
        "What the counts are of: event, or total of a war, campaign or long time; null without counts", default=None
    )
    rule: str = column("What found the event")
    score: float | None = column("Confidence that it is an event of the type, 0 to 1", default=None)
    run_id: str = column("The run that wrote the row")
    analyzer_version: str = column("Hash of the code, data files and models that made the row")
