"""Documents that the tests of the language layers share."""

from datetime import UTC, datetime

from schemas.article import Article
from schemas.document import Document

#: A Wednesday.
PUBLISHED = datetime(2021, 5, 5, 9, tzinfo=UTC)


def document(text: str) -> Document:
    """A Document of which nothing but the text and the day is known."""
    article = Article(
        article_id="a0", version_id="v", source="s", text=text, language="ar", published_at=PUBLISHED,
        published_rule="given", fetched_at=PUBLISHED, run_id="r", analyzer_version="",
    )  # fmt: skip
    return Document(article=article)
