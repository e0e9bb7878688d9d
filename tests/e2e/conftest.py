"""Servers and daemons: what a test starts ends with it, passed or failed."""

import os
import pathlib
import sys

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests"))

from certificates import Certificates  # noqa: E402
from daemon import Daemon  # noqa: E402
from kafka.broker import Broker  # noqa: E402
from nginx import Nginx  # noqa: E402
from snac import Snac  # noqa: E402
from web import Web  # noqa: E402


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


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def web():
    """Plain HTTP."""
    server = Web()
    yield server
    server.close()


@pytest.fixture
def secure_web(certificates):
    server = Web(certificates)
    yield server
    server.close()


@pytest.fixture
def snac(tmp_path):
    folder = tmp_path / "snac"
    folder.mkdir()
    server = Snac(folder, ("alice", "bermet"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def nginx(tmp_path, certificates):
    """Starts one: nginx(), nginx(upstream="127.0.0.1:8080")."""
    made = []

    def make(**options):
        folder = tmp_path / f"nginx{len(made)}"
        folder.mkdir()
        made.append(Nginx(folder, certificates, **options))
        return made[-1].start()

    yield make
    for server in made:
        server.stop()
