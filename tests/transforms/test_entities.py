"""Who is who in an article: short forms of bodies."""

import pytest

from transforms.arabic.spans import Name
from transforms.entities import identities


@pytest.mark.parametrize(
    ("between", "same"),
    [
        (' "', True),
        (" (", True),
        (" المعروفة اختصارا بـ", True),
        ("، وتعرف باسم ", True),
        (" و", False),
        (" التي تدعمها ", False),
    ],
)
def test_a_short_form_beside_a_body_is_that_body(between: str, same: bool) -> None:
    text = "اتحاد كتاب الساحل" + between + "ماج"
    names = [Name(0, 17, "ORG", None, "test"), Name(len(text) - 3, len(text), "ORG", None, "test")]
    assert identities(text, names)[1]["name"] == ("اتحاد كتاب الساحل" if same else "ماج")
