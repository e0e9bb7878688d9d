"""Two processes that share the sources of one campaign on a real Kafka."""

import json
import os
import pty
import random
import select
import signal
import subprocess
import time
import uuid
from collections import Counter

import archives
from topics import Topics
from waiting import wait_until

from kafka import records

PARTITIONS = 24


def murmur2(data):
    """As Java's default partitioner has it."""
    mask, m = 0xFFFFFFFF, 0x5BD1E995
    h = 0x9747B28C ^ len(data)
    whole = len(data) // 4 * 4
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i : i + 4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        h = (h * m & mask) ^ k
    if len(data) > whole:
        h = (h ^ int.from_bytes(data[whole:], "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


def partition(id):
    return (murmur2(id.encode()) & 0x7FFFFFFF) % PARTITIONS


def names(stem, low):
    """Ids whose cursors are in one half of the partitions: the range assignor
    gives each of two processes a half."""
    for n in range(1000):
        if (partition(f"{stem}{n}") < PARTITIONS // 2) == low:
            yield f"{stem}{n}"


# Of each pair the former name is in one half, the new one in the other.
PAIRS = [
    (next(names("former-a", low=True)), next(names("new-a", low=False))),
    (next(names("former-b", low=False)), next(names("new-b", low=True))),
]
FORMER = [former for former, _ in PAIRS]
NEW = [new for _, new in PAIRS]


class Ground:
    """Two daemons, and a file that grows for each source."""

    def __init__(self, daemon, kafka, tmp_path):
        campaign = f"owners-{uuid.uuid4().hex[:8]}"
        self.topics = Topics(kafka.bootstrap, campaign)
        self.paths = [tmp_path / f"{former}.ndjson" for former in FORMER]
        self.written = 0
        self.append(20)
        common = {
            "brokers": kafka.bootstrap,
            "campaign": campaign,
            "state_directory": str(tmp_path / "state"),
            "kafka": {"partitions": 2},
        }
        self.common = common
        self.daemons = [
            daemon(folder=name, sources=self.former(), **common) for name in "ab"
        ]

    def former(self):
        return [
            archives.source(path, id, follow="true")
            for path, id in zip(self.paths, FORMER)
        ]

    def renamed(self):
        return [
            archives.source(path, new, follow="true", renamed_from=former)
            for path, (former, new) in zip(self.paths, PAIRS)
        ]

    def append(self, count):
        for path in self.paths:
            posts = archives.numbered(count, begin=self.written)
            named = ({**p, "id": f"{path.stem}-{p['id']}"} for p in posts)
            archives.write_posts(path, named, "a")
        self.written += count

    def start_both(self):
        self.daemons[0].start().logged("cursor records read")
        self.daemons[1].start()
        for one in self.daemons:
            one.logged("12 cursor partitions assigned")
            one.logged("other processes have: ")

    def stored(self):
        return Counter(post["source"] for post in self.topics.posts(check=False))

    def wait_for_stored(self, **wanted):
        wait_until(
            lambda: all(self.stored()[id] >= n for id, n in wanted.items()),
            60,
            lambda: f"{wanted}, not {self.stored()}\n"
            + "\n".join(one.log()[-3000:] for one in self.daemons),
        )
        assert self.stored() == wanted

    def check_once(self):
        posts = self.topics.posts()
        counts = Counter((p["source"], p["id"], p["version"]) for p in posts)
        assert max(counts.values()) == 1, counts.most_common(3)

    def latest_cursors(self):
        """(id, record) of all keys that have one."""
        latest = records.latest(self.topics.records("cursors"))
        return [
            (key.decode().split("/")[0], json.loads(last.value))
            for key, last in latest.items()
            if last.value
        ]

    def cursors(self):
        """Ids of sources that stand somewhere."""
        return {
            id
            for id, record in self.latest_cursors()
            if record["schema"] == "karool.cursor/1" and "cursor" in record
        }

    def moved(self):
        """Former ids, and where their cursors went."""
        return {
            id: record["moved_to"]
            for id, record in self.latest_cursors()
            if record["schema"] == "karool.moved/1"
        }


def test_a_renamed_source_goes_on_where_another_process_has_its_cursor(
    daemon, shared_kafka, tmp_path
):
    ground = Ground(daemon, shared_kafka, tmp_path)
    ground.start_both()
    ground.wait_for_stored(**dict.fromkeys(FORMER, 20))
    for one in ground.daemons:
        one.configure(sources=ground.renamed(), **ground.common)
        done = one.command("reload")
        assert done.returncode == 0, done.stderr
    for one in ground.daemons:
        one.logged("which was renamed")
    ground.append(10)
    ground.wait_for_stored(**dict.fromkeys(FORMER, 20), **dict.fromkeys(NEW, 10))
    assert ground.cursors() == set(NEW)
    assert ground.moved() == dict(PAIRS)
    # Whoever has all of it afterwards has lost nothing either.
    ground.daemons[1].kill()
    ground.append(10)
    ground.wait_for_stored(**dict.fromkeys(FORMER, 20), **dict.fromkeys(NEW, 20))
    ground.daemons[0].stop()
    ground.daemons[0].start()
    ground.append(5)
    ground.wait_for_stored(**dict.fromkeys(FORMER, 20), **dict.fromkeys(NEW, 25))
    ground.check_once()
    for one in ground.daemons:
        assert "still polls" not in one.log(everything=True)


def test_processes_with_unequal_sources_say_so_once(daemon, shared_kafka, tmp_path):
    ground = Ground(daemon, shared_kafka, tmp_path)
    ground.daemons[1].configure(sources=ground.renamed(), **ground.common)
    former, renamed = ground.daemons
    former.start().logged("cursor records read")
    ground.wait_for_stored(**dict.fromkeys(FORMER, 20))
    renamed.start().logged("which was renamed")
    # Each process polls what is in its half and in its configuration.
    for _ in range(4):
        ground.append(5)
        wait_until(
            lambda: sum(ground.stored().values()) >= 2 * ground.written
            or former.lines_with("its cursor went to"),
            60,
            lambda: str(ground.stored()) + former.log() + renamed.log(),
        )
    if former.lines_with("its cursor went to"):
        # It was slow: it took its half only after the other one had begun.
        ground.check_once()
        return
    renamed.logged("another process still polls")
    (line,) = renamed.lines_with("another process still polls")
    assert any(f"'{old}', though '{new}' is" in line for old, new in PAIRS)
    assert len(renamed.lines_with("has other sources in its configuration")) == 1
    assert len(former.lines_with("has other sources in its configuration")) == 1
    ground.check_once()
    # After a restart the owner of all says of whom the cursors are.
    former.stop()
    renamed.stop()
    renamed.start()
    renamed.logged("cursors were written under another list of sources")


def test_who_keeps_the_former_name_in_silence_begins_nothing_anew(
    daemon, shared_kafka, tmp_path
):
    """Nobody can know of a process that has nothing to write; then it dies."""
    ground = Ground(daemon, shared_kafka, tmp_path)
    ground.daemons[1].configure(sources=ground.renamed(), **ground.common)
    former, renamed = ground.daemons
    former.start().logged("cursor records read")
    ground.wait_for_stored(**dict.fromkeys(FORMER, 20))
    renamed.start().logged("which was renamed")
    wait_until(ground.moved, 60, renamed.log)
    ((old, new),) = ground.moved().items()
    former.kill()
    former.start()
    former.logged(f"its cursor went to '{new}'")
    (line,) = former.lines_with("its cursor went to")
    assert f"renamed_from: {new}" in line and old in line
    ground.append(5)
    wanted = {**dict.fromkeys(FORMER, 20), new: 5}
    wait_until(lambda: ground.stored() == wanted, 60, lambda: str(ground.stored()))
    time.sleep(2)
    assert ground.stored() == wanted
    ground.check_once()


def test_a_terminal_lists_what_others_poll_and_how_old_their_cursors_are(
    daemon, shared_kafka, tmp_path
):
    ground = Ground(daemon, shared_kafka, tmp_path)
    first, second = ground.daemons
    first.start().logged("cursor records read")
    ground.wait_for_stored(**dict.fromkeys(FORMER, 20))
    leader, follower = pty.openpty()
    shown = subprocess.Popen(
        [second.program, "run", "-c", second.path],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={"PATH": "/usr/bin:/bin", "TERM": "xterm", "COLUMNS": "200"},
    )
    os.close(follower)
    seen = b""
    try:
        until = time.monotonic() + 90
        first.logged("12 cursor partitions assigned")
        first.logged("other processes have: ")
        while b"another process has it; its cursor is " not in seen:
            assert time.monotonic() < until, seen[-4000:].decode()
            if select.select([leader], [], [], 1)[0]:
                seen += os.read(leader, 65536)
    finally:
        shown.kill()
        shown.wait()
        os.close(leader)
    (line,) = first.lines_with("other processes have: ")
    assert "its cursor is" in line


def test_a_line_is_under_the_former_or_the_new_name_whenever_its_owner_stands_still(
    daemon, shared_kafka, tmp_path
):
    """What the former owner was about to commit is waited for, or never was."""
    ground = Ground(daemon, shared_kafka, tmp_path)
    ground.start_both()
    ground.wait_for_stored(**dict.fromkeys(FORMER, 20))
    moments = random.Random(20261125)
    until = time.monotonic() + moments.uniform(2, 4)
    while time.monotonic() < until:
        ground.append(30)
        time.sleep(0.02)
    # One of the two stands still; the other one takes both names over.
    still, other = ground.daemons
    still.send(signal.SIGSTOP)
    other.configure(sources=ground.renamed(), **ground.common)
    done = other.command("reload")
    assert done.returncode == 0, done.stderr
    other.logged("which was renamed")
    ground.append(30)
    still.kill()
    stems = [path.stem for path in ground.paths]
    wanted = {f"archive:{s}-{n}" for s in stems for n in range(ground.written)}

    def all_there():
        return {post["id"] for post in ground.topics.posts(check=False)} >= wanted

    wait_until(all_there, 90, lambda: str(ground.stored()) + other.log()[-3000:])
    other.stop()
    seen = Counter(post["id"] for post in ground.topics.posts())
    assert set(seen) == wanted
    twice = {id: n for id, n in seen.items() if n > 1}
    assert not twice, f"{len(twice)}: {sorted(twice)[:5]}"
