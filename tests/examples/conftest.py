"""The helpers of tests/kafka, and a campaign with a few flagged events."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kafka"))

import time

import pytest
from broker import Broker, wait_until
from desk import Desk, post

NOW = int(time.time() * 1000)
TEXTS = {
    1: "🌷🌷 дарит ей тюльпан",  # a rule, severity 5
    2: "вот тюльпан",  # severity 4
    3: "вот ромашка",  # severity 2
    4: "вот трава",  # nothing
}


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    with Broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


class Campaign(Desk):
    def screen(self, posts, count):
        """Until `count` events stand in the topic."""
        self.store(posts)
        run = self.start("run", "--role", "screen")
        try:
            wait_until(lambda: len(self.read("flagged")) >= count, 60, "the events")
        finally:
            ended = self.end(run)
        assert ended.returncode == 0, ended.stderr
        assert len(self.read("flagged")) == count

    def leave_open(self):
        """An event that was never committed: no reader may see it."""
        from confluent_kafka import Producer

        producer = Producer({**self.client, "transactional.id": self.campaign})
        producer.init_transactions()
        producer.begin_transaction()
        headers = [("severity", b"5"), ("categories", b"x"), ("replay", b"false")]
        headers.append(("ce_id", b"0" * 64))
        producer.produce(self.topic("flagged"), b"{}", b"open", 0, headers=headers)
        producer.flush()
        producer.abort_transaction()


@pytest.fixture
def campaign(broker, tmp_path):
    made = Campaign(tmp_path, broker.bootstrap)
    made.make_topics()
    made.leave_open()
    made.screen([(post(n, text, NOW), NOW) for n, text in TEXTS.items()], 3)
    return made
