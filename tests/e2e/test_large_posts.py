"""Posts whose events would be larger than a record of Kafka may be."""

import json

import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from test_bad_posts import MEGABYTE, post, produce
from topics import Topics, check_once
from waiting import wait_until

from kafka.broker import Broker

RECORD_MOST = 900 * 1024


def large_posts(most):
    """Name, post, and the words that its first match must show."""
    filler = "слово за словом "
    size = len(filler.encode())
    return [
        ("x:end", filler * ((most - 1000) // size) + "тюльпан", "тюльпан"),
        ("x:begin", "тюльпан " + filler * ((most - 1000) // size), "тюльпан"),
        ("x:full", "тюльпан " * (930_000 // 15), "тюльпан"),
        (
            "x:gift",
            "😀" * 90_000 + " дарит ей тюльпан " + "ромашка, " * 35_000,
            "дарит ей тюльпан",
        ),
        ("x:spread", f"дарит {'x' * 17_000} тюльпан " * 40, None),
    ]


def check_events(events, posts):
    by_id = {event["post"]["id"]: event for event in events}
    for id, text, shown in posts:
        event = by_id[id]
        assert len(json.dumps(event, ensure_ascii=False).encode()) <= RECORD_MOST
        assert event["post"]["truncated"] is True, id
        assert event["post"]["text"] in text
        assert event["matches_total"] >= len(event["matches"]) >= 1
        if shown:
            assert event["matches"][0]["text"] == shown, id
    full = by_id["x:full"]
    assert full["matches_total"] == 930_000 // 15 and len(full["matches"]) == 50


def make_roomy(bootstrap, topic):
    """The topic of posts alone: events must fit where usual records do."""
    roomy = {"max.message.bytes": str(20 * MEGABYTE)}
    admin = AdminClient({"bootstrap.servers": bootstrap})
    made = admin.create_topics([NewTopic(topic, 1, 1, config=roomy)])
    made[topic].result(30)


@pytest.mark.parametrize("kind", ["real", "embedded"])
def test_their_events_are_cut_and_come_once(daemon, tmp_path, kind):
    most = 9 * MEGABYTE if kind == "real" else 950_000
    posts = large_posts(most)
    records = [
        (id.encode(), json.dumps(post(id, text, version=None), ensure_ascii=False).encode())
        for id, text, _ in posts
    ]
    long_id = "x:" + "i" * 600_000
    records += [(b"x:long", json.dumps(post(long_id, "тюльпан", version=None)).encode())]
    records += [(b"x:last", json.dumps(post("x:last", "ромашка", version=None)).encode())]
    if kind == "real":
        with Broker(tmp_path / "kafka") as broker:
            karool = daemon(brokers=broker.bootstrap, kafka={"partitions": 1})
            topics = Topics(broker.bootstrap)
            make_roomy(broker.bootstrap, topics.name("posts"))
            run(karool, posts, records)
            karool.start()
            again = [(b"x:2", json.dumps(post("x:2", "ромашка", version=None)).encode())]
            produce(broker.bootstrap, topics.name("posts"), again)
            topics.wait_for_flagged(len(posts) + 2)
            karool.stop()
            check_once([event["post"] for event in topics.flagged()])
            done = karool.command("replay", "--from", "1h")
            assert done.returncode == 0, done.stderr
            check_events(map(json.loads, done.stdout.splitlines()), posts)
    else:
        run(daemon(kafka={"partitions": 1}), posts, records)


def peak_megabytes(process):
    status = open(f"/proc/{process.pid}/status").read()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def test_many_large_events_do_not_pile_up_in_memory(daemon, kafka):
    """A transaction is bounded in bytes, not only in events."""
    karool = daemon(
        brokers=kafka.bootstrap, kafka={"partitions": 1}, screen={"threads": 1}
    ).start()
    karool.logged("cursor records read")
    topics = Topics(karool.bootstrap)
    karool.stop()
    text = "вот тюльпан " + "слово " * 75_000
    posts = [post(f"x:{n}", f"{n} {text}", version=None) for n in range(250)]
    assert len(text.encode()) > 800_000
    produce(
        kafka.bootstrap,
        topics.name("posts"),
        [(p["id"].encode(), json.dumps(p, ensure_ascii=False).encode()) for p in posts],
    )
    karool.start()
    topics.wait_for_flagged(250, seconds=120)
    peak = peak_megabytes(karool.process)
    print(f"{peak:.0f} MB")
    karool.stop()
    assert peak < 200


def run(karool, posts, records):
    karool.start()
    if karool.config["brokers"] != "embedded":
        karool.logged("cursor records read")
    topics = Topics(karool.bootstrap)
    seen = {}

    def all_there():
        # The embedded broker forgets what is large soon.
        for event in topics.flagged():
            seen[event["post"]["id"]] = event
        return "x:last" in seen

    if karool.config["brokers"] == "embedded":
        for record in records:
            before = len(topics.records("flagged")) + len(topics.rejected())
            produce(karool.bootstrap, topics.name("posts"), [record])
            wait_until(
                lambda: len(topics.records("flagged")) + len(topics.rejected())
                > before,
                60,
                lambda: "it is screened\n" + karool.log()[-2000:],
            )
    else:
        produce(karool.bootstrap, topics.name("posts"), records)
    wait_until(all_there, 90, lambda: "the last one\n" + karool.log()[-2000:])
    check_once([event["post"] for event in topics.flagged()])
    check_events(seen.values(), posts)
    (rejected,) = topics.rejected()
    assert "its id" in rejected["reason"] and rejected["stage"] == "screen"
    karool.stop()
