#!/usr/bin/env python3
"""Topic to topic, on a real Kafka: `karool run --role screen`, a bare librdkafka
consumer that only counts, and what somebody would write with Python and with
Kafka Streams, by turns over the same stored posts; one table.

    cmake --preset release && cmake --build --preset release
    tests/peers/fetch
    python3 -m venv build/bench-venv
    build/bench-venv/bin/pip install -r tests/bench/requirements.txt
    build/bench-venv/bin/python tests/bench/topic.py [--posts 2000000]

The Kafka node and whoever's turn it is share the machine's cores. Each reads
the topic from its beginning to its end, `--rounds` times; the best of each
counts. Rate and CPU are taken between two commits of the group: from the first
that it shows to the one that covers the last post, so that nobody's start
counts. A peak of memory is that of the whole run.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
sys.path[:0] = [str(SOURCE / "tests/kafka")]

from broker import Broker  # noqa: E402
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition  # noqa: E402
from confluent_kafka.admin import AdminClient, NewTopic  # noqa: E402

PARTITIONS = 12
CAMPAIGN = "bench"
POSTS, FLAGGED = f"{CAMPAIGN}.karool.posts", f"{CAMPAIGN}.karool.flagged"
TICK = os.sysconf("SC_CLK_TCK")


# ---- the topics ----


def make_topics(bootstrap, names):
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for future in admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names]).values():
        future.result()


def forget_group(admin, group):
    """False: it has members, or nobody knows its coordinator yet."""
    try:
        for future in admin.delete_consumer_groups([group]).values():
            future.result()
    except KafkaException as problem:
        return problem.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND
    return True


def start_over(bootstrap):
    """As if Karool had screened nothing. Its members are remembered until
    their session times out."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    until = time.monotonic() + 60
    while not forget_group(admin, f"{CAMPAIGN}-screen"):
        if time.monotonic() > until:
            sys.exit("the group of the screen does not become empty")
        time.sleep(0.5)
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
        start = line.index(b'"id":"') + 6
        key = line[start : line.index(b'"', start)]
        while True:
            try:
                producer.produce(POSTS, line, key, partition=number % PARTITIONS)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()


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


# ---- the programs ----


def cpu_s(pid):
    """User and system time of a process, all its threads."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_mb(pids, field):
    """VmRSS: what they hold now; VmHWM: the most that they held."""
    texts = [pathlib.Path(f"/proc/{pid}/status").read_text() for pid in pids]
    return sum(int(re.search(rf"{field}:\s+(\d+)", text).group(1)) for text in texts) / 1024


class Bench:
    """What the programs share."""

    def __init__(self, options, build, data, folder, broker, log):
        self.options, self.build, self.data = options, build, data
        self.folder, self.broker, self.log = folder, broker, log
        self.bootstrap = broker.bootstrap
        self.broker_pid = broker.nodes[0].process.pid


class Turn:
    """What one turn brought: posts a second, ns of CPU a post, MB when a
    quarter was read and at the most."""

    def __init__(self, rate, own_s, broker_s, posts, early, peak):
        self.rate, self.early, self.peak = rate, early, peak
        self.own, self.broker = own_s / posts * 1e9, broker_s / posts * 1e9

    def __repr__(self):
        return f"{self.rate:.0f}/s, {self.own:.0f} ns, broker {self.broker:.0f} ns, {self.early:.0f} to {self.peak:.0f} MB"


class Bare:
    name = "bare librdkafka consumer that counts"
    guarantee = "none"

    def turn(self, bench, number):
        before = cpu_s(bench.broker_pid)
        posts = bench.options.posts
        command = [bench.build / "tests/bench_count", bench.bootstrap, POSTS, str(posts)]
        # A small process in between: the peak of a child begins with its parent's.
        process = subprocess.Popen(["/bin/sh", "-c", 'exec "$@"', "sh", *command], stdout=subprocess.PIPE, text=True)
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"bench_count: {said}")
        rate = int(re.match(r"(\d+)", said).group(1))
        own = usage.ru_utime + usage.ru_stime
        peak = usage.ru_maxrss / 1024
        return Turn(rate, own, cpu_s(bench.broker_pid) - before, posts, peak, peak)


class Follower:
    """A program whose progress is seen in its group's commits."""

    def turn(self, bench, number):
        name, commands, environment = self.prepare(bench, number)
        group = Group(bench.bootstrap, name)
        processes = [
            subprocess.Popen(command, stdout=bench.log, stderr=bench.log, env={**os.environ, **environment})
            for command in commands
        ]
        try:
            return self.follow(group, processes, bench)
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(60)
            group.consumer.close()

    def follow(self, group, processes, bench):
        first, early, until = None, 0, time.monotonic() + 600
        pids = [process.pid for process in processes]
        while True:
            stands, now = group.stands(), time.monotonic()
            spent = sum(cpu_s(pid) for pid in pids)
            if not early and stands >= group.end() / 4:
                early = memory_mb(pids, "VmRSS")
            seen = (stands, now, spent, cpu_s(bench.broker_pid))
            first = first or (seen if stands else None)
            if stands >= group.end():
                posts, took, own, broker = (late - early for late, early in zip(seen, first))
                if posts == 0:
                    sys.exit(f"{self.name} read all in one commit: more --posts are needed")
                return Turn(posts / took, own, broker, posts, early, memory_mb(pids, "VmHWM"))
            if now > until or any(process.poll() is not None for process in processes):
                sys.exit(f"{self.name} stopped at {stands} of {group.end()}: see {bench.log.name}")
            time.sleep(0.05)


class Karool(Follower):
    guarantee = "exactly once"

    def __init__(self, rules, name):
        self.rules, self.name = rules, name

    def prepare(self, bench, number):
        start_over(bench.bootstrap)
        folder = bench.folder / f"karool-{self.rules.name}-{number}"
        folder.mkdir(parents=True)
        path = folder / "karool.yaml"
        path.write_text(
            f"karool: config/1\ncampaign: {CAMPAIGN}\nbrokers: {bench.bootstrap}\nrules: {self.rules}\n"
            f"connectors: {SOURCE}/config/connectors\nsources: []\nlog: warning\n"
            f"screen: {{threads: {bench.options.threads}}}\n"
        )
        environment = {"STATE_DIRECTORY": str(folder / "state"), "RUNTIME_DIRECTORY": str(folder / "run")}
        command = [bench.build / "karool", "run", "-c", path, "--role", "screen"]
        return f"{CAMPAIGN}-screen", [command], environment


class Python(Follower):
    name = "Python, confluent-kafka + pyahocorasick, 2 processes"
    guarantee = "at least once"

    def prepare(self, bench, number):
        group = f"python-{number}"
        make_topics(bench.bootstrap, [group])
        terms = bench.data / "terms-5000.txt"
        command = [sys.executable, HERE / "topic_peer.py", bench.bootstrap, group, POSTS, group, terms]
        return group, [command, command], {}


class Streams(Follower):
    name = "Kafka Streams, exactly_once_v2, Aho-Corasick, 2 threads"
    guarantee = "exactly once"

    def prepare(self, bench, number):
        group = f"streams-{number}"
        jars = SOURCE / "build/bench-streams/lib"
        if not jars.is_dir():
            subprocess.run(
                ["mvn", "-q", "-B", "-f", HERE / "streams/pom.xml", "dependency:copy-dependencies"]
                + [f"-DoutputDirectory={jars}"],
                stdout=sys.stderr,
                check=True,
            )
        make_topics(bench.bootstrap, [group])
        command = ["java", "-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{jars}/*"]
        command += [HERE / "streams/Matcher.java", bench.bootstrap, group, POSTS, group]
        command += [bench.data / "terms-5000.txt", bench.folder / group]
        return group, [command], {}


# ---- the table ----


def show(programs, turns, posts):
    best = {program: max(turns[program], key=lambda turn: turn.rate) for program in programs}
    columns = "| {:55} | {:>9} | {:>13} | {:>15} | {:>9} | {:>7} | {:13} |"
    head = ("posts/s", "CPU ns a post", "broker's CPU ns", "MB at 1/4", "peak MB", "guarantee")
    print(columns.format(f"{posts} posts", *head))
    print(f"|{'-' * 57}|{'-' * 10}:|{'-' * 14}:|{'-' * 16}:|{'-' * 10}:|{'-' * 8}:|{'-' * 15}|")
    for program, turn in best.items():
        numbers = [f"{one:.0f}" for one in (turn.rate, turn.own, turn.broker, turn.early, turn.peak)]
        print(columns.format(program.name, *numbers, program.guarantee))
    karool = next((program for program in programs if isinstance(program, Karool)), None)
    for program in programs:
        if karool and not isinstance(program, Karool):
            print(f"\nkarool / {program.name}: {best[karool].rate / best[program].rate:.2f}", end="")
    print()


def choose(options, data):
    inflected = options.rules or data / "rules-inflected-5000"
    bare = data / "rules-inflected-5000-bare"
    known = {
        "bare": Bare(),
        "karool": Karool(inflected.resolve(), "karool screen, 5,000 inflected terms, all disguises"),
        "undisguised": Karool(bare.resolve(), "karool screen, 5,000 inflected terms, no disguises"),
        "python": Python(),
        "streams": Streams(),
    }
    unknown = [name for name in options.programs if name not in known]
    if unknown:
        sys.exit(f"{unknown[0]}: one of {', '.join(known)}")
    return [known[name] for name in options.programs]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--build", type=pathlib.Path, default=SOURCE / "build/release")
    parser.add_argument("--posts", type=int, default=2_000_000)
    parser.add_argument("--rules", type=pathlib.Path, help="a folder of rules (default: 5,000 made-up terms)")
    parser.add_argument("--threads", type=int, default=0, help="of the screen; 0: one a core")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--programs", nargs="+", default=["bare", "karool", "undisguised", "python", "streams"])
    options = parser.parse_args()
    build = options.build.resolve()
    data = build / "bench-data-200000"
    if not (data / "terms-20000.txt").exists():
        subprocess.run([sys.executable, HERE / "generate.py", data], check=True)
    programs = choose(options, data)

    turns = {program: [] for program in programs}
    with tempfile.TemporaryDirectory(dir=build, prefix="topic-") as folder:
        folder = pathlib.Path(folder)
        with Broker(folder / "kafka", heap="1g") as broker, open(build / "topic.log", "wb") as log:
            make_topics(broker.bootstrap, [POSTS, FLAGGED])
            store(broker.bootstrap, data / "posts.ndjson", options.posts)
            bench = Bench(options, build, data, folder, broker, log)
            for number in range(options.rounds):
                for program in programs:
                    turns[program].append(program.turn(bench, number))
                    print(f"round {number + 1}: {program.name}: {turns[program][-1]}", file=sys.stderr)
    show(programs, turns, options.posts)


if __name__ == "__main__":
    main()
