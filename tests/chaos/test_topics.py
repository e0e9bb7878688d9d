"""Topics that are not as Karool makes them, or are not there any more."""

import random
import string
import time

import pytest
from broker import Broker, wait_until
from campaign import Campaign
from conftest import setting


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


def noise(size):
    """Text that does not compress."""
    return "".join(random.choices(string.ascii_letters + string.digits, k=size))


def test_other_policies_are_told(tmp_path, program, broker):
    campaign = Campaign(tmp_path, program, broker, "policies")
    campaign.make_topic("posts", 4, retention_ms=3600_000)
    campaign.make_topic("cursors", 24, cleanup_policy="delete")
    with campaign:
        campaign.wait_said("offsets.retention.minutes", 30)
        said = campaign.said()
    assert "policies.karool.posts has retention.ms=3600000" in said
    assert "policies.karool.cursors has cleanup.policy=delete" in said


def test_a_record_the_broker_does_not_take_is_rejected_alone(tmp_path, program, broker):
    long = {7, 30}
    campaign = Campaign(tmp_path, program, broker, "sizes")
    campaign.write(
        noise(9000) if number in long else f"тюльпан {noise(300)}"
        for number in range(60)
    )
    # Less than all of them in one request, more than any of the short ones.
    campaign.make_topic("posts", 4, max_message_bytes=4000)
    with campaign:

        def all_there():
            return (
                len(campaign.read("posts")) >= 58
                and len(campaign.read("flagged")) >= 58
                and len(campaign.read("rejected")) >= 2
            )

        wait_until(all_there, 90, "58 posts, their events, and two rejected")
        assert campaign.process.stop() == 0
    keys = set(campaign.keys("posts"))
    assert len(keys) == len(campaign.keys("posts")) == 58
    assert len(campaign.keys("flagged")) == 58
    rejected = [record.json() for record in campaign.read("rejected")]
    assert {r["post_id"] for r in rejected} == {f"archive:p{n}" for n in long}
    assert all("too large" in r["reason"] for r in rejected)


# Others by KAROOL_CHAOS_DELETED=posts,cursors,flagged.
@pytest.mark.parametrize("name", setting("DELETED", "posts").split(","))
def test_a_deleted_topic_ends_the_process_with_one_clear_line(
    name, tmp_path, program, broker
):
    campaign = Campaign(tmp_path, program, broker, f"deleted-{name}")
    campaign.flowers(3)
    with campaign:
        campaign.wait_stands()
        campaign.delete_topic(name)
        until = time.monotonic() + 120
        while campaign.process.running() and time.monotonic() < until:
            campaign.flowers(1)
            time.sleep(1)
        assert not campaign.process.running(), campaign.said()
        assert campaign.process.process.returncode == 1
        assert f"the topic {campaign.topic(name)} is gone" in campaign.said()
