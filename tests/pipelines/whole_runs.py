"""What tests of whole runs share: articles to read, a run in a process of its own, and what a lake holds."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from schemas.tables import TABLES

ROOT = Path(__file__).parents[2]
LOGICAL_DATE = "2024-06-01"
_TOWNS = ("إدلب", "الموصل", "صنعاء", "طرابلس", "غزة", "الخرطوم", "حلب", "عدن", "بنغازي", "الرمادي", "درعا", "تعز")


def article(n: int) -> dict[str, Any]:
    """An article of the genre; every third shares its day with others."""
    town, number = _TOWNS[n % len(_TOWNS)], n + 3
    text = (
        f"قال مصدر أمني في {town} إن مسلحين هاجموا حاجزا للجيش شرق المدينة، ما أسفر عن مقتل {number} جنود.\n"
        f"وأعلنت وزارة الداخلية يوم الأحد اعتقال {number + 1} مشتبها بهم. وأكد المتحدث باسمها: «لن نتسامح مع من يهدد أمن {town}»."
    )
    day = 1 + (n - n % 3) % 28
    published = f"20{15 + n % 5}-0{1 + n % 9}-{day:02d}T0{n % 10}:15:00+03:00"
    return {"id": f"x{n}", "source": "wire", "title": f"هجوم في {town} {number}", "published": published, "text": text}


def write_articles(path: Path, count: int) -> Path:
    """A JSON Lines file of so many articles, one broken line and one article twice: `count + 2` inputs."""
    lines = [json.dumps(article(n), ensure_ascii=False) for n in range(count)]
    path.write_text("\n".join([*lines, '{"id": "broken"', lines[0]]) + "\n", "utf-8")
    return path


def files(lake: Path) -> dict[str, str]:
    """What a reader can find in the lake and the index: a hash of each file's bytes by its path."""
    return {
        p.relative_to(lake).as_posix(): hashlib.blake2b(p.read_bytes()).hexdigest() for p in lake.rglob("*.parquet")
    }


def rows(lake: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table, as pyarrow reads it."""
    if not (lake / table).exists():
        return []
    return ds.dataset(lake / table, format="parquet", partitioning="hive").to_table().to_pylist()


def all_rows(lake: Path) -> dict[str, list[str]]:
    """The rows of every table, in an order of their own."""
    return {
        table: sorted(json.dumps(row, default=str, sort_keys=True) for row in rows(lake, table)) for table in TABLES
    }


def launch(
    articles: Path, lake: Path, *more: str, code: str | None = None, before: Sequence[str] = (), **options: Any
) -> subprocess.Popen[str]:
    """`khabar ingest` in a process of its own; `code` is what stands in front of it, `before` the command it is run by."""
    command = [sys.executable, "-m", "pipelines"]
    if code is not None:
        command = [sys.executable, "-c", code + "\nfrom pipelines.cli import main\nraise SystemExit(main())"]
    arguments = ["ingest", "--input", str(articles), "--lake", str(lake), "--logical-date", LOGICAL_DATE, *more]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([*before, *command, *arguments], cwd=ROOT, env=env, text=True, **options)
