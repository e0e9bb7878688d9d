"""What the chaos tests share. README.md says how to run them for longer."""

import os
import pathlib
import random
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "kafka")]

CHANNELS = [
    ("forward-a", "forward"),
    ("forward-b", "forward"),
    ("forward-c", "forward"),
    ("wall-a", "backward"),
    ("wall-b", "backward"),
    ("feed-a", "snapshot"),
]


def setting(name, default):
    """KAROOL_CHAOS_KILLS=1000 and the like: for longer runs."""
    return type(default)(os.environ.get(f"KAROOL_CHAOS_{name}", default))


# Minutes each.
collect_ignore = [] if setting("LONG", 0) else ["test_disasters.py"]


@pytest.fixture(scope="session")
def program():
    if "KAROOL" in os.environ:
        return pathlib.Path(os.environ["KAROOL"])
    return SOURCE / "build/debug/karool"


@pytest.fixture
def chance():
    """Random numbers of this run, to be had again by KAROOL_CHAOS_SEED."""
    seed = setting("SEED", int(time.time()))
    print(f"KAROOL_CHAOS_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def network(chance):
    from network import Network

    network = Network(CHANNELS, seed=chance.random())
    yield network
    network.close()


@pytest.fixture
def version():
    """Of Kafka; KAROOL_CHAOS_KAFKA=3.9.1 where its jars were fetched."""
    return os.environ.get("KAROOL_CHAOS_KAFKA")
