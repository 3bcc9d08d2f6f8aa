"""The benchmark names every layer, on a file of a few articles."""

import json
import re
from pathlib import Path

import pytest

from pipelines.cli import main


def test_bench_prints_a_line_a_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "articles.jsonl"
    article = {"id": "1", "text": "وصل الوزير أمس إلى المدينة مع ثلاثة نواب. وقال إنه عائد. " * 40}
    path.write_text(json.dumps(article, ensure_ascii=False) + "\n", "utf-8")
    assert main(["bench", "--input", str(path), "--rounds", "1", "--all"]) == 0
    text, _, steps = capsys.readouterr().out.partition("\nsteps of the pipeline")
    for name in ("clean", "sentences", "words", "numbers", "dates", "all", "one regular expression", "first round"):
        assert re.search(rf"^{name} .* articles/s .* M characters/s .* x$", text, re.MULTILINE), name
    assert "twice as long" in text
    assert re.search(r"^names of \d+ words: \d+ words/s the first time, \d+ words/s where", text, re.MULTILINE)
    assert "annotate_mentions" in steps
