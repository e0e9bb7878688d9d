"""One process of karool, a campaign of its own on a broker that tests share.

Its posts come from an archive that a test writes on.
"""

import json
import time

from broker import wait_until
from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from fleet import Fleet
from records import read, topics

SOURCES = """\
  - id: archive
    connector: archive
    files: [posts.ndjson]
    follow: 'true'
    every: 1s
    start: beginning
"""
WORD = "тюльпан"


class Campaign:
    def __init__(self, folder, program, broker, name, address=None, kafka=""):
        self.folder = folder
        self.name = name
        self.bootstrap = broker.bootstrap
        # An answer comes only while its client lives.
        self.admin = AdminClient(
            {"bootstrap.servers": broker.bootstrap, "log_level": 0}
        )
        self.fleet = Fleet(
            folder, program, address or broker.bootstrap, SOURCES,
            ingest=0, screen=0, both=1, kafka=kafka,
        )  # fmt: skip
        config = self.fleet.config
        text = config.read_text().replace("campaign: chaos", f"campaign: {name}")
        config.write_text(text)
        self.process = self.fleet.processes[0]
        self.written = 0
        self.write([])

    def __enter__(self):
        self.process.start()
        return self

    def __exit__(self, *problem):
        self.fleet.kill()

    # --- posts ---

    def write(self, texts):
        """Puts posts behind those that the archive has."""
        with open(self.folder / "posts.ndjson", "a") as file:
            for text in texts:
                post = {"id": f"p{self.written}", "text": text}
                file.write(json.dumps(post, ensure_ascii=False) + "\n")
                self.written += 1

    def flowers(self, count):
        """So many posts that are to be flagged."""
        self.write([f"{WORD} и трава № {self.written + n}" for n in range(count)])

    def read(self, name):
        return read(self.bootstrap, self.topic(name))

    def keys(self, name):
        return sorted(record.key.decode() for record in self.read(name))

    def stands(self):
        """Are all posts of the archive there, each once, with their events?"""
        wanted = sorted(f"archive:p{number}" for number in range(self.written))
        return self.keys("posts") == wanted and self.keys("flagged") == wanted

    def wait_stands(self, seconds=60):
        """Every post is a flower; then nothing may come twice either."""
        wait_until(self.arrived, seconds, self.lacking)
        time.sleep(1)
        assert self.stands(), self.lacking()

    def arrived(self):
        assert self.process.running(), f"it ended: {self.said()[-2000:]}"
        return (
            len(self.read("posts")) >= self.written
            and len(self.read("flagged")) >= self.written
        )

    def lacking(self):
        counts = ", ".join(f"{len(self.read(n))} {n}" for n in ("posts", "flagged"))
        return f"{counts} of {self.written}; it said: {self.said()[-2000:]}"

    # --- what it says ---

    def said(self):
        return self.process.text()

    def wait_said(self, words, seconds=60):
        def says():
            return words in self.said()

        wait_until(says, seconds, lambda: f"{words} in: {self.said()[-2000:]}")

    # --- its topics and groups ---

    def topic(self, name):
        return f"{self.name}.karool.{name}"

    def make_topic(self, name, partitions=4, **settings):
        settings = {key.replace("_", "."): str(v) for key, v in settings.items()}
        topic = NewTopic(self.topic(name), partitions, 1, config=settings)
        done = self.admin.create_topics([topic])
        done[topic.topic].result(30)
        # The controller has it; the broker tells of it a moment later.
        wait_until(
            lambda: topics(self.bootstrap).get(topic.topic) == partitions,
            30,
            f"{topic.topic} is there",
        )

    def delete_topic(self, name):
        topic = self.topic(name)
        self.admin.delete_topics([topic])[topic].result(30)

    def wait_empty(self, role):
        """Until the broker has given up the members of a group that ended."""
        group = f"{self.name}-{role}"

        def empty():
            found = self.admin.describe_consumer_groups([group])
            return not found[group].result(10).members

        wait_until(empty, 40, f"{group} has no members")
        return group

    def set_offsets(self, role, name, partitions, offset):
        group = self.wait_empty(role)
        client = Consumer(
            {"bootstrap.servers": self.bootstrap, "group.id": group, "log_level": 0}
        )
        try:
            client.commit(
                offsets=[
                    TopicPartition(self.topic(name), number, offset)
                    for number in range(partitions)
                ],
                asynchronous=False,
            )
        except KafkaException as problem:
            raise AssertionError(f"{group}: {problem}") from None
        finally:
            client.close()

    def forget_offsets(self, role):
        group = self.wait_empty(role)
        done = self.admin.delete_consumer_groups([group])
        done[group].result(30)

    def delete_records(self, name, partitions):
        """All that stands there now."""
        wanted = [
            TopicPartition(self.topic(name), number, -1) for number in range(partitions)
        ]
        for done in self.admin.delete_records(wanted).values():
            done.result(30)
