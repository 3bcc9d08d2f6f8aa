"""The `sentences` table: one row is one sentence."""

from dataclasses import dataclass

from schemas.columns import column


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    version_id: str = column("The article version that the offsets point into")
    sentence_index: int = column("Position in the article, from 0")
    start: int = column("First code point in articles.text")
    end: int = column("One past the last code point")
    text: str = column("articles.text[start:end]")
    run_id: str = column("The run that wrote the row")
    analyzer_version: str = column("Hash of the code, data files and models that made the row")
