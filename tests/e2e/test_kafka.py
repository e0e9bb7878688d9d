"""`run` and the other commands on a real Kafka."""

import json
import random
import signal
import time
from collections import Counter

import archives
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType
from topics import NAMES, Topics, check_once


def policies(bootstrap, topic):
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    resource = ConfigResource(ResourceType.TOPIC, topic)
    ((_, answer),) = admin.describe_configs([resource]).items()
    return {name: entry.value for name, entry in answer.result(20).items()}


def test_topics_are_made_with_the_policies_that_guarantees_need(
    daemon, shared_kafka
):
    karool = daemon(
        brokers=shared_kafka.bootstrap,
        campaign="policies",
        kafka={"partitions": 3, "retention": {"posts": "5d"}},
    ).start()
    karool.logged("cursor records read")
    topics = Topics(karool.bootstrap, "policies")
    found = {
        name: policies(karool.bootstrap, topics.name(name)) for name in NAMES
    }
    day_ms = 24 * 3600 * 1000
    for name, days in (("posts", 5), ("flagged", 180), ("rejected", 14)):
        assert found[name]["cleanup.policy"] == "delete"
        assert found[name]["retention.ms"] == str(days * day_ms)
    for name in ("cursors", "verdicts"):
        assert found[name]["cleanup.policy"] == "compact"
    assert found["cursors"]["segment.ms"] == "600000"
    assert found["cursors"]["segment.bytes"] == str(16 * 1024 * 1024)
    assert found["cursors"]["max.compaction.lag.ms"] == "600000"
    counts = topics.partitions()
    assert counts["cursors"] == 24
    assert counts["posts"] == counts["flagged"] == 3
    karool.stop()


def test_an_archive_is_stored_once_whatever_is_killed_when(daemon, kafka, tmp_path):
    """kill -9 at random moments, the archive growing meanwhile."""
    path = tmp_path / "posts.ndjson"
    count, every = 8000, 50
    archives.write_posts(path, archives.numbered(count, every))
    karool = daemon(
        brokers=kafka.bootstrap,
        sources=[archives.source(path, follow="true")],
        kafka={"partitions": 3},
    )
    moments = random.Random(20261123)
    for _ in range(2):
        karool.start()
        karool.logged("cursor records read")
        time.sleep(moments.uniform(0.1, 1.2))
        karool.kill()
    archives.write_posts(path, archives.numbered(1000, every, count), "a")
    count += 1000
    karool.start()
    topics = Topics(kafka.bootstrap)
    posts = topics.wait_for_posts(count)
    events = topics.wait_for_flagged(count // every)
    karool.stop()
    assert {p["id"] for p in posts} == {f"archive:{n}" for n in range(count)}
    check_once(posts)
    flagged = [event["post"] for event in events]
    wanted = {f"archive:{n}" for n in range(0, count, every)}
    assert {post["id"] for post in flagged} == wanted
    check_once(flagged)
    topics.check_all()


def test_a_line_that_stands_twice_in_an_archive_is_stored_once(
    daemon, shared_kafka, tmp_path
):
    """Near, across pages of 500 and across a restart; an edit is no copy."""
    path = tmp_path / "posts.ndjson"
    lines = list(archives.numbered(3000, begin=0))
    repeated = []
    for number, line in enumerate(lines):
        repeated.append(line)
        if number % 7 == 0:
            repeated.append(line)
        if number % 11 == 0 and number >= 1500:
            repeated.append(lines[number - 1500])
    repeated.append({**lines[2990], "text": "вот тюльпан, исправлено"})
    repeated.append({**lines[2991], "version": "2"})
    archives.write_posts(path, repeated)
    # The next export overlaps the first one.
    later = tmp_path / "later.ndjson"
    archives.write_posts(later, [*repeated[-700:], {"id": "later", "text": "-"}])
    files = [str(path), str(later)]
    karool = daemon(
        brokers=shared_kafka.bootstrap,
        campaign="copies",
        sources=[archives.source(path, files=files, follow="true")],
        kafka={"partitions": 2},
    ).start()
    topics = Topics(karool.bootstrap, "copies")
    topics.wait_for_posts(3003)
    karool.kill()
    more = [*lines[-500:], {"id": "last", "text": "вот ромашка"}]
    archives.write_posts(path, more, "a")
    karool.start()
    topics.wait_for_posts(3004)
    karool.stop()
    posts = topics.posts()
    texts = Counter((p["id"], p["version"], p["text"]) for p in posts)
    assert set(texts.values()) == {1}
    assert len(posts) == 3000 + 2 + 1 + 1


def test_the_broker_is_killed_and_comes_back(daemon, kafka, tmp_path):
    path = tmp_path / "posts.ndjson"
    archives.write_posts(path, archives.numbered(3000, 50))
    karool = daemon(
        brokers=kafka.bootstrap,
        sources=[archives.source(path, follow="true")],
        kafka={"partitions": 3},
    ).start()
    topics = Topics(kafka.bootstrap)
    topics.wait_for_posts(1)
    kafka.kill()
    archives.write_posts(path, archives.numbered(1000, 50, 3000), "a")
    time.sleep(2)
    kafka.start()
    posts = topics.wait_for_posts(4000, seconds=120)
    events = topics.wait_for_flagged(80, seconds=120)
    check_once(posts)
    check_once([event["post"] for event in events])
    assert (len(posts), len(events)) == (4000, 80)
    karool.stop()


def test_tail_poll_and_reload(daemon, shared_kafka, tmp_path):
    path = tmp_path / "posts.ndjson"
    archives.write_posts(path, archives.numbered(5))
    karool = daemon(
        brokers=shared_kafka.bootstrap,
        campaign="commands",
        sources=[archives.source(path, follow="true")],
        kafka={"partitions": 2},
    ).start()
    topics = Topics(karool.bootstrap, "commands")
    (event,) = topics.wait_for_flagged(1)

    done = karool.command("tail", "--from-beginning", "-n", "1", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == event

    done = karool.command("poll", "old")
    assert done.returncode == 0, done.stderr
    polled = [json.loads(line)["id"] for line in done.stdout.splitlines()]
    assert polled == [f"archive:{n}" for n in range(5)]
    assert len(topics.posts()) == 5, "poll changes nothing"

    tail = karool.spawn("tail", "--severity", "4", "-n", "1")
    try:
        terms = karool.folder / "rules/terms.yaml"
        text = terms.read_text()
        assert "тюльпан" in text
        terms.write_text(text.replace("тюльпан", "гвоздика"))
        done = karool.command("reload")
        assert (done.returncode, done.stderr) == (0, "")
        time.sleep(1)  # the follower begins at the end
        posts = [
            {"id": "a", "text": "тюльпан"},
            {"id": "b", "text": "гвоздика"},
        ]
        archives.write_posts(path, posts, "a")
        out, err = tail.communicate(timeout=60)
    finally:
        tail.kill()
    assert tail.returncode == 0, err
    assert "гвоздика" in out and "t-tulip" in out
    ids = [event["post"]["id"] for event in topics.wait_for_flagged(2)]
    assert sorted(ids) == ["archive:0", "archive:b"]
    karool.stop(signal.SIGINT)
