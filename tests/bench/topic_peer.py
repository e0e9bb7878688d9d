#!/usr/bin/env python3
"""What somebody would write in Python: topic_peer.py BROKERS GROUP FROM TO TERMS

peer.py's Aho-Corasick between two topics, at least once: events first, then
the offsets. Ends with SIGTERM. Run it twice for two cores.
"""

import signal
import sys

import orjson
from confluent_kafka import Consumer, Producer

from peer import automaton


def produce(producer, topic, key, value):
    while True:
        try:
            return producer.produce(topic, value, key)
        except BufferError:
            producer.poll(0.1)


def main():
    brokers, group, source, target, terms = sys.argv[1:]
    with open(terms) as file:
        find = automaton([line.rstrip("\n").lower() for line in file])
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
        }
    )
    producer = Producer(
        {"bootstrap.servers": brokers, "compression.type": "lz4", "linger.ms": 100}
    )
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    consumer.subscribe([source])
    while not ended:
        messages = consumer.consume(10_000, timeout=0.2)
        for message in messages:
            if message.error():
                continue
            post = orjson.loads(message.value())
            found = find(post["text"].lower())
            if found:
                produce(producer, target, message.key(), orjson.dumps({"id": post["id"], "matches": found}))
        if messages:
            producer.flush()
            consumer.commit(asynchronous=False)
    consumer.close()


if __name__ == "__main__":
    main()
