"""What is in topics, read by a client that is not Karool's.

read(bootstrap, topic) gives every record of a topic from its beginning to the
end it had at the call. committed=True (the default) leaves out what was never
committed, as every consumer of Karool's topics should.
"""

import json
import time
from typing import NamedTuple

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient


class Record(NamedTuple):
    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: dict

    def json(self):
        return json.loads(self.value)


def as_record(message):
    return Record(
        message.topic(),
        message.partition(),
        message.offset(),
        message.timestamp()[1],
        message.key(),
        message.value(),
        dict(message.headers() or []),
    )


def consumer(bootstrap, committed=True, **properties):
    level = "read_committed" if committed else "read_uncommitted"
    return Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "outside-reader",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": level,
            "fetch.wait.max.ms": 50,
            "log_level": 3,
            **{name.replace("_", "."): value for name, value in properties.items()},
        }
    )


def topics(bootstrap, seconds=10):
    """Names and numbers of partitions."""
    settings = {"bootstrap.servers": bootstrap, "log_level": 0}
    known = AdminClient(settings).list_topics(timeout=seconds).topics
    return {name: len(topic.partitions) for name, topic in known.items()}


def read(bootstrap, topic, committed=True, seconds=60):
    """All its records; none when there is no such topic yet."""
    count = topics(bootstrap).get(topic, 0)
    if count == 0:
        return []
    reader = consumer(bootstrap, committed)
    try:
        reader.assign(
            [TopicPartition(topic, n, OFFSET_BEGINNING) for n in range(count)]
        )
        return until_ends(reader, count, seconds)
    finally:
        reader.close()


def until_ends(reader, count, seconds):
    records, ended = [], set()
    until = time.monotonic() + seconds
    while len(ended) < count:
        if time.monotonic() > until:
            raise TimeoutError(f"{count - len(ended)} partitions show no end")
        for message in reader.consume(10000, timeout=0.05):
            error = message.error()
            if error is None:
                ended.discard(message.partition())
                records.append(as_record(message))
            elif error.code() == KafkaError._PARTITION_EOF:
                ended.add(message.partition())
            else:
                raise KafkaException(error)
    return records


def size(bootstrap, topic):
    """How much stands there, committed or not, markers and all; 0 when nobody
    leads it yet."""
    count = topics(bootstrap).get(topic, 0)
    reader = consumer(bootstrap, committed=False)
    try:
        ends = [
            reader.get_watermark_offsets(TopicPartition(topic, n), timeout=10)
            for n in range(count)
        ]
    except KafkaException:
        return 0
    finally:
        reader.close()
    return sum(end[1] for end in ends)


def latest(records):
    """What a compacted topic says: the last record of each key."""
    return {record.key: record for record in records}
