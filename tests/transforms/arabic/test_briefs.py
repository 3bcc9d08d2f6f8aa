"""Sentences alone: what they report, and what they only look back on."""

import dataclasses
import json
from pathlib import Path

import pytest

from pipelines import train_briefs
from tests.documents import document
from transforms.analyze import analyze
from transforms.arabic.briefs import is_brief
from transforms.arabic.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("قتل 17 شخصا وأصيب 30 آخرون في هجوم انتحاري بسيارة مفخخة استهدف سوقا وسط المدينة أمس.", "ASSAULT", True),
        ("وتحدث الكاتب في محاضرته عن أسباب الهجمات ومعنى العنف في الرواية الحديثة.", "ASSAULT", False),
        ("تظاهر مئات الطلاب أمس أمام مقر البرلمان احتجاجا على رفع الرسوم.", "PROTEST", True),
        ("وناقش المؤرخون في الندوة مفهوم الثورة في الفكر السياسي القديم.", "PROTEST", False),
    ],
)
def test_a_sentence_alone_tells_what_it_reports(text: str, kind: str, told: bool) -> None:
    assert any(e.type == kind and e.status == "actual" for e in analyze(document(text)).events) == told


def test_a_plan_that_a_brief_tells_stays() -> None:
    events = analyze(document("هددت الحركة بشن هجوم على المدينة إذا استمر الحصار.")).events
    assert [e.status for e in events if e.type == "ASSAULT"] != ["actual"]
    assert any(e.type == "THREATEN" for e in events)


def test_with_a_headline_or_more_sentences_an_item_is_an_article() -> None:
    one = [tokenize("وقع الهجوم فجرا.")]
    assert is_brief(None, one)
    assert is_brief("", one * 2)
    assert not is_brief("هجوم", one)
    assert not is_brief(None, one * 3)
    assert not is_brief(None, [])
    doc = document("وتحدث الكاتب عن الهجوم على المدينة ومعنى العنف.")
    titled = dataclasses.replace(doc, article=dataclasses.replace(doc.article, title="محاضرة"))
    assert len(analyze(titled).events) >= len(analyze(doc).events)


def test_votes_are_learnt_the_same_each_time(tmp_path: Path) -> None:
    texts = ["شن الجيش هجوما على القرية أمس", "تحدث الكاتب عن الهجوم في روايته"]
    rows = [
        {"id": f"d{i}-{j}", "event_type": "ASSAULT", "accept": 3 * (1 - j), "reject": 3 * j, "text": text}
        for i in range(8)
        for j, text in enumerate(texts)
    ]
    gsr = tmp_path / "gsr.jsonl"
    gsr.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    for name in ("a", "b"):
        train_briefs.main(["--gsr", str(gsr), "--out", str(tmp_path / name)])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert "ASSAULT|s=روايه" in (tmp_path / "a").read_text("utf-8")


def test_validation_judges_documents_by_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gsr = tmp_path / "gsr.jsonl"
    row = {"id": "d-1", "event_type": "PROTEST", "accept": 1, "reject": 2, "text": "خرج متظاهرون"}
    gsr.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    train_briefs.main(["--gsr", str(gsr), "--validate"])
    assert "PROTEST {'p': 0.0" in capsys.readouterr().out
