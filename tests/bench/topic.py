#!/usr/bin/env python3
"""Topic to topic: `karool run --role screen` over stored posts, exactly once,
against a bare librdkafka consumer that only counts them; one table.

    cmake --preset release && cmake --build --preset release
    tests/peers/fetch
    build/venv/bin/python tests/bench/topic.py [--posts 2000000]

One Kafka node, Karool and the counter share the machine's cores. Each reads
the same topic from its beginning to its end, alternately, `--rounds` times;
the best of each counts. Karool's rate is taken from its commits: from the
first that the group shows to the one that covers the last post.
"""

import argparse
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
sys.path[:0] = [str(SOURCE / "tests/kafka")]

from broker import Broker  # noqa: E402
from confluent_kafka import Consumer, Producer, TopicPartition  # noqa: E402
from confluent_kafka.admin import AdminClient, NewTopic  # noqa: E402

PARTITIONS = 12
CAMPAIGN = "bench"
POSTS, FLAGGED = f"{CAMPAIGN}.karool.posts", f"{CAMPAIGN}.karool.flagged"


def make_topics(bootstrap, names):
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for future in admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names]).values():
        future.result()


def start_over(bootstrap):
    """As if nothing had been screened."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for future in admin.delete_consumer_groups([f"{CAMPAIGN}-screen"]).values():
        future.result()
    for future in admin.delete_topics([FLAGGED]).values():
        future.result()
    time.sleep(2)
    make_topics(bootstrap, [FLAGGED])


def store(bootstrap, archive, count):
    """The archive's posts, over and over with ids of their own."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "compression.type": "lz4",
            "linger.ms": 20,
            "queue.buffering.max.kbytes": 512_000,
            "queue.buffering.max.messages": 400_000,
        }
    )
    lines = archive.read_bytes().splitlines()
    for number in range(count):
        line = lines[number % len(lines)]
        if number >= len(lines):
            line = line.replace(b'"id":"bench:', b'"id":"bench%d:' % (number // len(lines)), 1)
        while True:
            try:
                producer.produce(POSTS, line, partition=number % PARTITIONS)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()


def count_bare(build, bootstrap, posts):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [build / "tests/bench_count", bootstrap, POSTS, str(posts)],
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return int(re.match(r"(\d+)", done.stdout).group(1)), spent / posts * 1e9


class Group:
    """Where a group's committed offsets stand, and the topic's end."""

    def __init__(self, bootstrap, group):
        self.consumer = Consumer(
            {"bootstrap.servers": bootstrap, "group.id": group, "isolation.level": "read_uncommitted"}
        )
        self.places = [TopicPartition(POSTS, number) for number in range(PARTITIONS)]
        self.ends = [self.consumer.get_watermark_offsets(place)[1] for place in self.places]

    def stands(self):
        committed = self.consumer.committed(self.places, timeout=10)
        return sum(max(0, place.offset) for place in committed)

    def end(self):
        return sum(self.ends)


def configure(folder, bootstrap, rules, threads):
    folder.mkdir(parents=True)
    path = folder / "karool.yaml"
    path.write_text(
        f"karool: config/1\ncampaign: {CAMPAIGN}\nbrokers: {bootstrap}\nrules: {rules}\n"
        f"connectors: {SOURCE}/config/connectors\nsources: []\nlog: warning\n"
        f"screen: {{threads: {threads}}}\n"
    )
    return path


def screen(build, folder, bootstrap, rules, threads, log):
    """Posts a second, nanoseconds of CPU a post, peak memory in MB."""
    group = Group(bootstrap, f"{CAMPAIGN}-screen")
    environment = dict(os.environ, STATE_DIRECTORY=str(folder / "state"), RUNTIME_DIRECTORY=str(folder / "run"))
    path = configure(folder, bootstrap, rules, threads)
    process = subprocess.Popen(
        [build / "karool", "run", "-c", path, "--role", "screen"], stderr=log, stdout=log, env=environment
    )
    first = None
    until = time.monotonic() + 600
    while True:
        stands, now = group.stands(), time.monotonic()
        if stands and first is None:
            first = (stands, now)
        if stands >= group.end():
            break
        if now > until or process.poll() is not None:
            sys.exit(f"the screen stopped at {stands} of {group.end()}: see {log.name}")
        time.sleep(0.02)
    peak = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text()).group(1))
    process.send_signal(signal.SIGTERM)
    _, _, usage = os.wait4(process.pid, 0)
    rate = (stands - first[0]) / (now - first[1])
    spent = (usage.ru_utime + usage.ru_stime) / stands * 1e9
    return rate, spent, peak / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--build", type=pathlib.Path, default=SOURCE / "build/release")
    parser.add_argument("--posts", type=int, default=2_000_000)
    parser.add_argument("--rules", type=pathlib.Path, help="a folder of rules (default: 5,000 made-up terms)")
    parser.add_argument("--threads", type=int, default=0, help="of the screen; 0: one a core")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    build = options.build.resolve()
    data = build / "bench-data-200000"
    if not (data / "terms-20000.txt").exists():
        subprocess.run([sys.executable, HERE / "generate.py", data], check=True)
    rules = (options.rules or data / "rules-exact-5000").resolve()

    bare, karool = [], []
    with tempfile.TemporaryDirectory(dir=build, prefix="topic-") as folder:
        folder = pathlib.Path(folder)
        with Broker(folder / "kafka", heap="1g") as broker, open(build / "topic.log", "wb") as log:
            make_topics(broker.bootstrap, [POSTS, FLAGGED])
            store(broker.bootstrap, data / "posts.ndjson", options.posts)
            for number in range(options.rounds):
                if number:
                    start_over(broker.bootstrap)
                bare.append(count_bare(build, broker.bootstrap, options.posts))
                karool.append(
                    screen(build, folder / f"karool{number}", broker.bootstrap, rules, options.threads, log)
                )
                print(f"round {number + 1}: bare {bare[-1]}, karool {karool[-1]}", file=sys.stderr)
    best_bare, best = max(bare), max(karool)
    print(f"| {'topic to topic, ' + str(options.posts) + ' posts':44} | {'posts/s':>9} | {'CPU ns a post':>13} | {'peak MB':>7} |")
    print(f"|{'-' * 46}|{'-' * 10}:|{'-' * 14}:|{'-' * 8}:|")
    print(f"| {'bare librdkafka consumer that counts':44} | {best_bare[0]:9.0f} | {best_bare[1]:13.0f} | {'':7} |")
    print(f"| {'karool run --role screen, exactly once':44} | {best[0]:9.0f} | {best[1]:13.0f} | {best[2]:7.0f} |")
    print(f"\nKarool / bare: {best[0] / best_bare[0]:.2f}")


if __name__ == "__main__":
    main()
