"""Status of an event by the words before its trigger."""

import pytest

from transforms.arabic.circumstances import status_of
from transforms.arabic.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "trigger", "status"),
    [
        ("قصفت الطائرات المدينة", "قصفت", "actual"),
        ("لم تقصف الطائرات المدينة", "تقصف", "negated"),
        ("سيزور الوزير القاهرة غدا", "سيزور", "planned"),
        ("ودعا إلى وقف القتال", "وقف", "hypothetical"),
        ("وقد قصفت الطائرات المدينة", "قصفت", "actual"),
        ("يعتزم الوزير زيارة القاهرة", "زيارة", "planned"),
    ],
)
def test_status(text: str, trigger: str, status: str) -> None:
    assert status_of(tokenize(text), text.index(trigger)) == status
