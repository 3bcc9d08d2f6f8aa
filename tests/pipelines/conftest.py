"""Inputs and lakes that the tests of whole runs share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.ingest import main
from tests.pipelines.job_service import job_service
from tests.pipelines.whole_runs import LOGICAL_DATE, write_articles


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """42 inputs: 40 articles, a reject and a duplicate."""
    return write_articles(tmp_path_factory.mktemp("input") / "articles.jsonl", 40)


@pytest.fixture(scope="session")
def clean(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake of one undisturbed run over `articles`."""
    lake = tmp_path_factory.mktemp("clean") / "lake"
    assert main(["--input", str(articles), "--lake", str(lake), "--logical-date", LOGICAL_DATE]) == 0
    return lake


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[list[str]]:
    """The options for a job service and a worker pool that run."""
    with job_service(tmp_path) as options:
        yield options
