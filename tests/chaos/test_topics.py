"""Topics that are not as Karool makes them, or are not there any more."""

import json
import random
import string
import time

import pytest
from broker import Broker, wait_until
from confluent_kafka.admin import AdminClient, NewTopic
from fleet import Fleet
from records import read

SOURCES = """\
  - id: archive
    connector: archive
    files: [posts.ndjson]
    follow: 'true'
    every: 1s
    start: beginning
"""


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


def admin(broker):
    return AdminClient({"bootstrap.servers": broker.bootstrap, "log_level": 0})


def make_topic(broker, name, partitions, **settings):
    settings = {key.replace("_", "."): str(value) for key, value in settings.items()}
    topic = NewTopic(name, partitions, 1, config=settings)
    client = admin(broker)
    client.create_topics([topic])[name].result(30)


def fleet(folder, program, broker, campaign):
    """One process, in a campaign of its own on the shared broker."""
    fleet = Fleet(
        folder, program, broker.bootstrap, SOURCES, ingest=0, screen=0, both=1
    )
    text = fleet.config.read_text()
    fleet.config.write_text(text.replace("campaign: chaos", f"campaign: {campaign}"))
    return fleet


def noise(size):
    """Text that does not compress."""
    return "".join(random.choices(string.ascii_letters + string.digits, k=size))


def write_posts(folder, texts):
    lines = [
        json.dumps({"id": f"p{number}", "text": text}, ensure_ascii=False)
        for number, text in enumerate(texts)
    ]
    (folder / "posts.ndjson").write_text("".join(line + "\n" for line in lines))


def test_other_policies_are_told(tmp_path, program, broker):
    write_posts(tmp_path, ["трава"])
    make_topic(broker, "policies.karool.posts", 4, retention_ms=3600_000)
    make_topic(broker, "policies.karool.cursors", 24, cleanup_policy="delete")
    with fleet(tmp_path, program, broker, "policies") as running:
        process = running.processes[0]
        wait_until(
            lambda: "offsets.retention.minutes" in process.text(), 30, "it warns"
        )
        text = process.text()
    assert "policies.karool.posts has retention.ms=3600000" in text
    assert "policies.karool.cursors has cleanup.policy=delete" in text


def test_a_record_the_broker_does_not_take_is_rejected_alone(tmp_path, program, broker):
    long = {7, 30}
    texts = [
        noise(9000) if number in long else f"тюльпан {noise(300)}"
        for number in range(60)
    ]
    write_posts(tmp_path, texts)
    # Less than all of them in one request, more than any of the short ones.
    make_topic(broker, "sizes.karool.posts", 4, max_message_bytes=4000)
    with fleet(tmp_path, program, broker, "sizes") as running:

        def all_there():
            posts = read(broker.bootstrap, "sizes.karool.posts")
            events = read(broker.bootstrap, "sizes.karool.flagged")
            rejected = read(broker.bootstrap, "sizes.karool.rejected")
            return len(posts) >= 58 and len(events) >= 58 and len(rejected) >= 2

        wait_until(all_there, 90, "58 posts, their events, and two rejected")
        assert running.processes[0].stop() == 0
    posts = read(broker.bootstrap, "sizes.karool.posts")
    events = read(broker.bootstrap, "sizes.karool.flagged")
    rejected = [r.json() for r in read(broker.bootstrap, "sizes.karool.rejected")]
    assert len({p.key for p in posts}) == len(posts) == len(events) == 58
    assert {r["post_id"] for r in rejected} == {f"archive:p{n}" for n in long}
    assert all("too large" in r["reason"] for r in rejected)


def test_a_deleted_topic_ends_the_process_with_one_clear_line(
    tmp_path, program, broker
):
    write_posts(tmp_path, ["трава"] * 3)
    with fleet(tmp_path, program, broker, "deleted") as running:
        process = running.processes[0]
        wait_until(
            lambda: len(read(broker.bootstrap, "deleted.karool.posts")) == 3,
            60,
            "three posts are stored",
        )
        name = "deleted.karool.posts"
        client = admin(broker)
        client.delete_topics([name])[name].result(30)
        until = time.monotonic() + 120
        while process.running() and time.monotonic() < until:
            with open(tmp_path / "posts.ndjson", "a") as file:
                file.write(json.dumps({"id": noise(9), "text": "мох"}) + "\n")
            time.sleep(1)
        assert not process.running()
        assert process.process.returncode == 1
        assert f"the topic {name} is gone" in process.text()
