"""Noun phrases of a sentence: where they begin and end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents import document
from transforms.arabic.phrases import find_phrases, names_at
from transforms.entities import annotate_mentions
from transforms.segment import segment


def phrases(text: str) -> list[str]:
    doc = annotate_mentions(segment(document(text)))
    found = []
    for i, tokens in enumerate(doc.tokens):
        mentions = [m for m in doc.mentions if m.sentence_index == i]
        found += [
            doc.article.text[p.start : p.end] for p in find_phrases(i, tokens, names_at(tokens, mentions), frozenset())
        ]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أعلن الرئيس الفرنسي إيمانويل ماكرون الانسحاب", "الرئيس الفرنسي إيمانويل ماكرون"),
        ("قال الرئيس الروسي، فلاديمير بوتين، إن بلاده تنتظر", "الرئيس الروسي، فلاديمير بوتين"),
        ("وقتل خمسة مدنيين في المدينة", "خمسة مدنيين"),
        ("اعتقلت الشرطة المئات من أبناء المدينة", "المئات من أبناء المدينة"),
        ("اجتمع وزير الدفاع ورئيس الأركان", "وزير الدفاع ورئيس الأركان"),
        ("اجتمع وزير الدفاع ورئيس الأركان", "وزير الدفاع"),
        ("هاجم المسلحون مقر المنظمة", "المنظمة"),
        ("رفضت الحكومة هذا القرار", "هذا القرار"),
        ("سلم الأهالي الجثث للجيش", "للجيش"),
    ],
)
def test_a_phrase_is_among_the_candidates(text: str, expected: str) -> None:
    assert expected in phrases(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("وأعلنت الحكومة حالة الطوارئ", "أعلنت الحكومة"),
        ("اعتقلت الشرطة ثلاثة شبان", "الشرطة ثلاثة"),
        ("دعا المحتجون الحكومة للعمل", "المحتجون الحكومة"),
    ],
)
def test_what_is_no_phrase(text: str, wrong: str) -> None:
    assert not any(wrong in p for p in phrases(text))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "قال",
                "الرئيس",
                "و",
                "في",
                "محمد",
                "،",
                "المدينة",
                '"',
                "من",
                "كل",
                "هذا",
                "ثلاثة",
                "القوات",
                "وزير",
                "بوتين",
                ".",
                "أن",
            ]
        ),
        max_size=14,
    )
)
def test_phrases_lie_in_the_text_in_order(words: list[str]) -> None:
    text = " ".join(words) or "."
    doc = annotate_mentions(segment(document(text)))
    for i, tokens in enumerate(doc.tokens):
        found = find_phrases(i, tokens, names_at(tokens, doc.mentions), frozenset())
        assert all(tokens[0].start <= p.start < p.end <= tokens[-1].end for p in found)
        assert [p.first for p in found] == sorted(p.first for p in found)
