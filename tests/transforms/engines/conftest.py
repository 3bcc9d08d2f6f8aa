"""Tiny data for camel-tools, made once."""

from pathlib import Path

import pytest

from tests.made_engines import tiny_model, tiny_morphology


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model for names."""
    return tiny_model(tmp_path_factory.mktemp("camel") / "model")


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a morphology."""
    return tiny_morphology(tmp_path_factory.mktemp("camel") / "tiny.db")
