"""A group that is not as Karool left it: its offsets expired, are beyond the end
of a topic that was made anew or lost its end, or before its first record; a
member's name was taken."""

import pytest
from broker import Broker, wait_until
from campaign import Campaign
from confluent_kafka import Consumer, KafkaException

BEYOND = 1_000_000
CURSORS = 24
POSTS = 4


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture(scope="module")
def stopped(tmp_path_factory, program, broker):
    """Campaigns with eight posts and their events, ended in order. All at once:
    it takes a session until a broker gives up members that have a name."""
    campaigns = {
        name: Campaign(tmp_path_factory.mktemp(name), program, broker, name)
        for name in ("beyond", "expired", "removed")
    }
    for campaign in campaigns.values():
        campaign.flowers(8)
        campaign.process.start()
    for campaign in campaigns.values():
        campaign.wait_stands()
        assert campaign.process.stop() == 0
        campaign.process.log.write_text("")
        campaign.flowers(8)
    yield campaigns
    for campaign in campaigns.values():
        campaign.fleet.kill()


def test_offsets_beyond_the_end_are_told_and_nothing_is_lost(stopped):
    campaign = stopped["beyond"]
    campaign.set_offsets("ingest", "cursors", CURSORS, BEYOND)
    campaign.set_offsets("screen", "posts", POSTS, BEYOND)
    with campaign:
        campaign.wait_stands()
        said = campaign.said()
        assert f"but {BEYOND} was committed" in said
        assert f"{campaign.topic('cursors')} was made anew or lost its end" in said
        assert f"{campaign.topic('posts')} was made anew or lost its end" in said
        # It is told once: the group stands where the topics end.
        assert campaign.process.stop() == 0
        campaign.process.log.write_text("")
        campaign.flowers(8)
        campaign.process.start()
        campaign.wait_stands()
        assert "was committed" not in campaign.said()
        assert campaign.process.stop() == 0


def test_expired_offsets_are_told_and_nothing_comes_twice(stopped):
    campaign = stopped["expired"]
    campaign.forget_offsets("screen")
    campaign.forget_offsets("ingest")
    with campaign:
        campaign.wait_stands()
        assert "no offset of the group any more" in campaign.said()
        assert "screening resumes at the earliest post" in campaign.said()
        assert campaign.process.stop() == 0


def test_posts_that_were_removed_before_they_were_screened_are_told(stopped):
    campaign = stopped["removed"]
    campaign.set_offsets("screen", "posts", POSTS, 0)
    campaign.delete_records("posts", POSTS)
    with campaign:
        campaign.wait_said("posts were removed before they were screened")
        wait_until(lambda: len(campaign.read("flagged")) >= 16, 60, campaign.said)
        assert campaign.process.stop() == 0
        wanted = sorted(f"archive:p{number}" for number in range(16))
        assert campaign.keys("flagged") == wanted


def test_a_topic_that_lost_its_end_under_the_screen_is_told(tmp_path, program, broker):
    campaign = Campaign(tmp_path, program, broker, "anew")
    campaign.flowers(40)
    with campaign:
        campaign.wait_stands()
        before = campaign.keys("flagged")
        # Quicker than the process looks, as an operator's script may be.
        campaign.process.pause()
        campaign.delete_topic("posts")
        wait_until(lambda: made(campaign, "posts"), 30, "the topic is made anew")
        campaign.process.resume()
        campaign.flowers(8)
        # The broker forgets a group's offsets with their topic.
        campaign.wait_said("screening resumes at the earliest post")
        wait_until(lambda: len(campaign.read("flagged")) >= 48, 60, campaign.said)
        assert len(campaign.keys("posts")) == 8
        assert campaign.keys("flagged") == sorted(
            [*before, *(f"archive:p{number}" for number in range(40, 48))]
        )
        assert campaign.process.stop() == 0


def made(campaign, name):
    try:
        campaign.make_topic(name, POSTS)
    except KafkaException as problem:
        assert "TOPIC_ALREADY_EXISTS" in str(problem)
        return False
    return True


def test_a_member_whose_name_was_taken_takes_it_back(tmp_path, program, broker):
    """As it also looks to a member when a broker that died has lost what it
    wrote last."""
    campaign = Campaign(tmp_path, program, broker, "taken")
    campaign.flowers(4)
    with campaign:
        campaign.wait_stands()
        group = "taken-ingest"
        found = campaign.admin.describe_consumer_groups([group])[group].result(30)
        (instance,) = {member.group_instance_id for member in found.members}
        thief = Consumer(
            {
                "bootstrap.servers": broker.bootstrap,
                "group.id": group,
                "group.instance.id": instance,
                "partition.assignment.strategy": "range",
                "log_level": 0,
            }
        )
        thief.subscribe([campaign.topic("cursors")])
        wait_until(lambda: thief.poll(0.1) or thief.assignment(), 30, "it is taken")
        thief.close()
        campaign.wait_said("joining the group anew", 20)  # by a heartbeat
        campaign.flowers(4)
        campaign.wait_stands(30)
        assert campaign.process.stop() == 0
