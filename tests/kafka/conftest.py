"""One broker for all tests; each test a campaign of its own on it."""

import pytest
from broker import Broker
from desk import Desk


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    with Broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture
def desk(broker, tmp_path):
    return Desk(tmp_path, broker.bootstrap)
