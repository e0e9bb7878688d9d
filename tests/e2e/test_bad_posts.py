"""What an outside program puts into the topic of posts, well-formed or not."""

import base64
import hashlib
import json

import pytest
from confluent_kafka import Producer
from topics import Topics
from waiting import wait_until

MEGABYTE = 1024 * 1024


def post(id, text, **more):
    return {"schema": "karool.post/1", "id": id, "text": text, **more}


def produce(bootstrap, topic, records):
    """(key, value) pairs, each to partition 0, in this order."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "message.max.bytes": 30 * MEGABYTE,
            "log_level": 0,
        }
    )
    failed = []
    for key, value in records:
        producer.produce(
            topic,
            value,
            key,
            partition=0,
            on_delivery=lambda err, _: failed.append(err) if err else None,
        )
        producer.poll(0)
    assert producer.flush(60) == 0 and not failed, failed


def nested(depth, close=True):
    inner = "[" * depth + ("]" * depth if close else "")
    return f'{{"id":"x:nested","more":{inner},"text":"тюльпан"}}'.encode()


REJECTED = {
    "not JSON": b"\x00\x01 what is this",
    "half JSON": '{"id":"x:half","text":"тюльпан'.encode(),
    "no text": json.dumps({"id": "x:untold", "title": "тюльпан"}).encode(),
    "text is a number": b'{"id":"x:number","text":12}',
    "text is null": b'{"id":"x:null","text":null}',
    "an array": b"[1, 2, 3]",
    "empty": b"",
    "nested 10,000 deep": nested(10_000),
    "nested and never closed": nested(10_000, close=False),
    "over 10 MB": json.dumps(post("x:big", "a" * (11 * MEGABYTE))).encode(),
    "two documents": b'{"id":"x:two","text":"a"} {"text":"b"}',
}
SCREENED = {
    # broken UTF-8, a lone surrogate written out and as bytes, NULs
    "x:utf8": '{"id":"x:utf8","text":"тюльпан'.encode() + b' \xff\xc0\xae"}',
    "x:surrogate": '{"id":"x:surrogate","text":"тюльпан \\ude00"}'.encode(),
    "x:raw": '{"id":"x:raw","text":"тюльпан '.encode() + b'\xed\xa0\x80"}',
    "x:nul": '{"id":"x:nul","text":"тюльпан \\u0000 x"}'.encode(),
    "x:rawnul": '{"id":"x:rawnul","text":"тюльпан '.encode() + b'\x00 x"}',
    # raw is not looked at, wherever it stands
    "x:deep": '{"id":"x:deep","text":"тюльпан","raw":'.encode()
    + b"[" * 20_000,
    "x:first": '{"id":"x:first","raw":{"a":[1]},"text":"тюльпан"}'.encode(),
    "x:long": json.dumps(post("x:long", "тюльпан " + "a" * 500_000)).encode(),
    # of two members of a name the last counts, also behind raw
    "x:twice": '{"id":"x:1","text":"-","id":"x:twice","text":"тюльпан"}'.encode(),
    "x:behind": '{"text":"-","raw":{},"id":"x:behind","text":"тюльпан"}'.encode(),
    "x:extra": json.dumps(
        post("x:extra", "тюльпан", unknown={"a": [1, 2.5e300, None]})
    ).encode(),
}


@pytest.mark.parametrize("keep", ["reason", "keep"])
def test_bad_posts_are_rejected_with_a_reason_and_the_stream_goes_on(
    daemon, tmp_path, keep
):
    from kafka.broker import Broker

    large = {"message.max.bytes": 20 * MEGABYTE}
    with Broker(tmp_path / "kafka", settings=large) as broker:
        karool = daemon(
            brokers=broker.bootstrap,
            kafka={"partitions": 1},
            rejected=keep,
        ).start()
        karool.logged("cursor records read")
        topics = Topics(broker.bootstrap)
        bad = [(f"x:{name}".encode(), v) for name, v in REJECTED.items()]
        good = [(id.encode(), value) for id, value in SCREENED.items()]
        order = [one for pair in zip(bad, good) for one in pair]
        order += bad[len(good) :] + good[len(bad) :]
        order += [(None, b"{"), (b"k" * 60_000, b"{")]
        # a tombstone, which nobody asked for, and no key at all
        order += [(b"x:gone", None)]
        # without id: named by its key, whatever bytes it has, or its place
        nameless = json.dumps({"text": "ромашка"}).encode()
        order += [(None, nameless), (None, nameless), (b"k\xff\xc0", nameless)]
        last = json.dumps(post("x:last", "ромашка")).encode()
        order += [(b"x:last", last)]
        produce(broker.bootstrap, topics.name("posts"), order)
        wait_until(
            lambda: any(
                event["post"].get("id") == "x:last" for event in topics.flagged()
            ),
            90,
            lambda: "the last post is flagged\n" + karool.log()[-3000:],
        )
        events = {event["post"]["id"]: event for event in topics.flagged()}
        assert set(SCREENED) <= set(events)
        for id in ("x:utf8", "x:surrogate", "x:raw", "x:nul", "x:rawnul"):
            text = events[id]["post"]["text"]
            assert events[id]["post"]["repaired"] is True, id
            assert "\ufffd" in text and "\0" not in text
            assert events[id]["matches"][0]["text"] == "тюльпан"
        place = len(order) - 4
        for at in (place, place + 1):
            assert f"{topics.name('posts')}/0/{at}" in events
        assert "k\ufffd\ufffd" in events
        rejected = topics.rejected()
        by_hash = {record["sha256"]: record for record in rejected}
        for name, value in REJECTED.items():
            record = by_hash[hashlib.sha256(value).hexdigest()]
            assert record["reason"], name
            assert record["stage"] == "screen"
            assert record["topic"] == topics.name("posts")
            assert record["size"] == len(value)
            if keep == "keep" and len(value) < 30_000:
                assert base64.b64decode(record["bytes"]) == value
            else:
                assert "bytes" not in record, name
        for raw in topics.records("rejected"):
            assert len(raw.value) <= 64 * 1024
        reasons = {
            name: by_hash[hashlib.sha256(value).hexdigest()]["reason"]
            for name, value in REJECTED.items()
        }
        print(json.dumps(reasons, ensure_ascii=False, indent=1))
        assert "text" in reasons["no text"]
        assert "MB" in reasons["over 10 MB"] or "bytes" in reasons["over 10 MB"]
        assert "deep" in reasons["nested 10,000 deep"]
        karool.stop()
        (line,) = karool.lines_with("posts stored")
        assert f"{len(order)} screened" in line
        assert f"{len(rejected)} rejected" in line
        done = karool.command("tail", "--rejected", "--from-beginning", "-n", "3")
        assert done.returncode == 0 and "screen" in done.stdout


def test_the_embedded_broker_takes_posts_of_outsiders_too(daemon):
    karool = daemon(kafka={"partitions": 1}).start()
    topics = Topics(karool.bootstrap)
    small = {n: v for n, v in REJECTED.items() if n != "over 10 MB"}
    records = [(n.encode(), v) for n, v in small.items()]
    records += [(id.encode(), v) for id, v in SCREENED.items()]
    produce(karool.bootstrap, topics.name("posts"), records)
    events = topics.wait_for_flagged(len(SCREENED))
    assert {event["post"]["id"] for event in events} == set(SCREENED)
    wait_until(
        lambda: len(topics.rejected()) == len(small), 30, "all are rejected"
    )
    karool.stop()
