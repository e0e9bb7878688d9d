"""Servers and daemons: what a test starts ends with it, passed or failed."""

import os
import pathlib
import sys

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests"))

from daemon import Daemon  # noqa: E402
from kafka.broker import Broker  # noqa: E402


def program():
    if "KAROOL" in os.environ:
        return pathlib.Path(os.environ["KAROOL"])
    built = sorted(
        SOURCE.glob("build/*/karool"), key=lambda path: path.stat().st_mtime
    )
    if not built:
        pytest.exit("build karool first: cmake --build build/debug", 2)
    return built[-1]


@pytest.fixture
def daemon(tmp_path):
    """Makes daemons, not started yet: daemon(sources=[...], ...)."""
    made = []

    def make(folder="karool", environment=None, **config):
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        made.append(Daemon(program(), SOURCE, path, config, environment))
        return made[-1]

    yield make
    problems = []
    for one in made:
        try:
            one.end()
        except AssertionError as problem:
            problems.append(problem)
    if problems:
        raise problems[0]


@pytest.fixture
def kafka(tmp_path):
    """A real broker of this test alone."""
    with Broker(tmp_path / "kafka") as broker:
        yield broker


@pytest.fixture(scope="session")
def shared_kafka(tmp_path_factory):
    """A real broker that tests share; each uses a campaign of its own."""
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker
