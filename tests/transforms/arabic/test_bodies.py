"""Bodies by rule."""

import pytest

from transforms.arabic.bodies import with_bodies
from transforms.arabic.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "given", "told"),
    [
        ("تعاون مع القوى الجوية السودانية", {"السودانية": "B-NORP"}, "القوى الجوية السودانية"),
        ("قال إن قوى جوية سودانية", {"سودانية": "B-NORP"}, ""),
        ("تقدمت قوات الجيش السوداني", {"الجيش": "B-ORG", "السوداني": "I-ORG"}, "قوات الجيش السوداني"),
        ("تقدمت القوات وقال الجيش", {"الجيش": "B-ORG"}, "الجيش"),
        ("عبر وزارتي الداخلية والمالية", {}, "وزارتي الداخلية والمالية"),
        ("زار وزارتي قبل أيام", {}, ""),
        ("نشر موقع روسيا اليوم الخبر", {"روسيا": "B-LOC"}, "روسيا اليوم"),
        ("أعلنت روسيا اليوم ذلك", {"روسيا": "B-LOC"}, ""),
        ("دمر مركز قيادة محصنا", {"مركز": "B-ORG", "قيادة": "I-ORG"}, ""),
        ("زار مركز الأزهر للدراسات", {"مركز": "B-ORG", "الأزهر": "I-ORG"}, "مركز الأزهر"),
        ("استهدف القاعدة العسكرية", {"القاعدة": "B-ORG"}, ""),
        ("تنظيم القاعدة الإرهابية", {"القاعدة": "B-ORG"}, "القاعدة"),
        ("قصف مستودعات ومعسكر تدريب", {"مستودعات": "B-ORG", "ومعسكر": "B-LOC", "تدريب": "I-LOC"}, ""),
        ("تبنت القاعدة الهجوم", {"القاعدة": "B-ORG"}, "القاعدة"),
    ],
)
def test_bodies(text: str, given: dict[str, str], told: str) -> None:
    tokens = tokenize(text)
    labels = with_bodies(tokens, [given.get(token.text, "O") for token in tokens])
    assert ("LOC" in str(labels)) == (text == "أعلنت روسيا اليوم ذلك")
    assert " ".join(t.text for t, label in zip(tokens, labels, strict=True) if label.endswith("ORG")) == told


def test_what_a_body_cuts_off_begins_anew() -> None:
    tokens = tokenize("القوى الجوية السودانية الشقيقة")
    assert with_bodies(tokens, ["O", "O", "B-NORP", "I-NORP"]) == ["B-ORG", "I-ORG", "I-ORG", "B-NORP"]
