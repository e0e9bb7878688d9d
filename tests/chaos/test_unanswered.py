"""A commit whose answer never comes: did it happen? Only the group's offset can
tell, and one beyond it may be left from a topic that was there before."""

import pytest
from campaign import Campaign
from confluent_kafka import Consumer, Producer, TopicPartition
from proxy import SwallowingLine, broker_behind

BEYOND = 1_000_000
CURSORS = 24
# What of a commit is swallowed, and what becomes of it.
SAID = {
    "request": "was not committed: it is made again",
    "answer": "was committed",
}


@pytest.fixture
def line_and_broker(tmp_path, version):
    line = SwallowingLine()
    with broker_behind(line, tmp_path / "kafka", version) as broker:
        yield line, broker
    line.close()


def set_offsets_behind_its_back(campaign, offset):
    """While it runs: a broker takes this from who is no member."""
    settings = {"bootstrap.servers": campaign.bootstrap, "log_level": 0}
    reader = Consumer({**settings, "group.id": f"{campaign.name}-ingest"})
    producer = Producer({**settings, "transactional.id": f"{campaign.name}-outsider"})
    producer.init_transactions(30)
    producer.begin_transaction()
    producer.send_offsets_to_transaction(
        [TopicPartition(campaign.topic("cursors"), n, offset) for n in range(CURSORS)],
        reader.consumer_group_metadata(),
        30,
    )
    producer.commit_transaction(30)
    reader.close()


def test_a_commit_that_is_not_answered_is_neither_lost_nor_made_twice(
    tmp_path, program, line_and_broker
):
    """One whose request was lost, and one whose answer was."""
    line, broker = line_and_broker
    campaigns = {}
    for what in SAID:
        folder = tmp_path / what
        folder.mkdir()
        address = f"127.0.0.1:{line.port}"
        campaigns[what] = Campaign(folder, program, broker, what, address)
    try:
        for campaign in campaigns.values():
            campaign.flowers(8)
            campaign.process.start()
        for what, campaign in campaigns.items():
            campaign.wait_stands()
            set_offsets_behind_its_back(campaign, BEYOND)
            line.wanted[f"{what}-ingest-"] = what
            campaign.flowers(8)
        for what, campaign in campaigns.items():
            campaign.wait_said(f"whose end was not answered {SAID[what]}")
            campaign.flowers(8)
        for campaign in campaigns.values():
            campaign.wait_stands()
            assert campaign.process.stop() == 0
    finally:
        for campaign in campaigns.values():
            campaign.fleet.kill()
