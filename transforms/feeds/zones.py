"""The clock of a country, where it has but one: for feeds whose list names the country and no zone.

Knows: the table of countries that comes with the IANA database (package tzdata).
"""

from functools import cache
from importlib.resources import files


def zone_of(country: str | None) -> str | None:
    """The zone of a country by its two letters; None where there is none or several.

    >>> zone_of("LB"), zone_of("RU"), zone_of(None)
    ('Asia/Beirut', None, None)
    """
    zones = _zones().get(country or "", [])
    # Gaza and Hebron, which have two names, have one clock.
    return zones[0] if len(zones) == 1 or country == "PS" else None


@cache
def _zones() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found.setdefault(country, []).append(zone)
    return found
