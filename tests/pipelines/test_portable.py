"""The same pipeline through Beam's portable job service, with a worker process of its own: as on a cluster."""

from pathlib import Path

import pytest

from pipelines.ingest import main
from tests.pipelines.whole_runs import LOGICAL_DATE, files


def test_a_portable_runner_gives_the_same_lake(
    articles: Path, clean: Path, tmp_path: Path, endpoint: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    assert main(["--input", str(articles), "--lake", str(lake), "--logical-date", LOGICAL_DATE, *endpoint]) == 0
    assert files(lake) == files(clean)
    assert '"read": 42, "written": 40' in capsys.readouterr().out
    assert "sdk_worker" in (tmp_path / "pool.log").read_text("utf-8")
