"""Sectors of what is struck and says of itself nothing."""

import pytest

from transforms.arabic.targets import struck_sector


@pytest.mark.parametrize(
    ("phrase", "by", "kinds", "event", "sector"),
    [
        ("مخازن للذخيره", "MIL", (), "ASSAULT", "REB"),
        ("الدبابات", "REB", (), "ASSAULT", "MIL"),
        ("مواقع", None, (), "ASSAULT", None),
        ("بلده سراقب", "MIL", ("LOC",), "ASSAULT", "CVL"),
        ("السوق", "REB", (), "COERCE", "CVL"),
        ("رزان النجار", None, ("PER",), "ACCUSE", "CVL"),
        ("الاتفاق", "GOV", (), "REJECT", None),
    ],
)
def test_the_sector_of_what_is_struck(
    phrase: str, by: str | None, kinds: tuple[str, ...], event: str, sector: str | None
) -> None:
    assert struck_sector(phrase.split(), by, kinds, event) == sector
