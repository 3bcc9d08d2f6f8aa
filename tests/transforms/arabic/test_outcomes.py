"""The dead and injured of an attack are no event of their own."""

import pytest

from tests.documents import document
from transforms.arabic.casualties import outcomes
from transforms.segment import segment


@pytest.mark.parametrize(
    ("text", "triggers", "outcome"),
    [
        ("قتل ثلاثة جنود في هجوم على ثكنة.", ("قتل", "هجوم"), ("قتل",)),
        ("أسفر القصف على البلدة عن مقتل طفلين.", ("القصف", "مقتل"), ("مقتل",)),
        ("شن مسلحون هجوما أدى إلى إصابة خمسة أشخاص.", ("هجوما", "إصابة"), ("إصابة",)),
        ("أصيب شرطيان بتفجير عبوة.", ("أصيب", "بتفجير"), ("أصيب",)),
        # Two deeds: the second has its own verb.
        ("قصفت الطائرات المدينة وقتل حارس أمام منزله.", ("قصفت", "وقتل"), ()),
        # A killing that is the deed itself.
        ("اغتيال قاض في هجوم مسلح.", ("اغتيال", "هجوم"), ()),
        ("اندلعت اشتباكات في الجنوب؛ مقتل قيادي في الشمال.", ("اشتباكات", "مقتل"), ()),
        # No attack is told.
        ("قتل جندي وأصيب آخر.", ("قتل", "وأصيب"), ()),
    ],
)
def test_outcomes(text: str, triggers: tuple[str, ...], outcome: tuple[str, ...]) -> None:
    tokens = segment(document(text)).tokens[0]
    at = [next(i for i, t in enumerate(tokens) if t.text == trigger) for trigger in triggers]
    found = outcomes(tokens, [(i, i) for i in at])
    assert tuple(triggers[i] for i in sorted(found)) == outcome
