"""What takes minutes, and a machine that may mount: KAROOL_CHAOS_LONG=1.

The broker is away for long, its disk is full, clocks jump, its own too.
"""

import contextlib
import pathlib
import struct
import subprocess
import time

from broker import Broker, wait_until
from campaign import Campaign
from confluent_kafka import ConsumerGroupTopicPartitions
from conftest import setting
from ledger import Ledger, posts_of
from storm import assert_whole, fleet_for

MEGABYTE = 1024 * 1024


def memory_of(process):
    """Bytes in memory."""
    for line in pathlib.Path(f"/proc/{process.process.pid}/status").open():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def stored(ledger):
    return sum(posts_of(ledger.read("posts")).values())


def wait_stored(ledger, more, seconds):
    before = stored(ledger)
    wait_until(lambda: stored(ledger) >= before + more, seconds, "more is stored")


def test_the_broker_is_away_for_minutes(tmp_path, program, network, chance, version):
    with (
        Broker(tmp_path / "kafka", version=version) as broker,
        fleet_for(tmp_path, program, broker, network) as fleet,
    ):
        ledger = Ledger(broker.bootstrap, network)
        network.start(posts_a_second=60)
        wait_stored(ledger, 200, 60)
        broker.kill()
        time.sleep(20)
        before = [memory_of(process) for process in fleet.processes]
        lines = sum(len(p.text().splitlines()) for p in fleet.processes)
        time.sleep(setting("AWAY", 180.0))
        for process, bytes_before in zip(fleet.processes, before):
            grown = memory_of(process) - bytes_before
            assert grown < 40 * MEGABYTE, f"{process.name} grew by {grown} bytes"
        said = sum(len(p.text().splitlines()) for p in fleet.processes) - lines
        print(f"away: {said} lines in the logs of {len(before)} processes")
        assert said < setting("AWAY", 180.0)
        began = time.monotonic()
        broker.start()
        wait_stored(ledger, 1, 60)
        print(f"stores again {time.monotonic() - began:.1f} s after its start")
        network.stop()
        assert_whole(ledger, fleet)


@contextlib.contextmanager
def small_disk(folder, megabytes):
    folder.mkdir()
    options = f"size={megabytes}m"
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "karool-test", folder], check=True
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def node_on(disk, log, version):
    """What it says goes elsewhere: a full disk takes no word."""
    settings = {"log.index.size.max.bytes": MEGABYTE}
    broker = Broker(disk / "kafka", version=version, settings=settings)
    broker.nodes[0].log = log
    return broker


def test_the_disk_of_the_broker_is_full(tmp_path, program, network, chance, version):
    with (
        small_disk(tmp_path / "disk", 400) as disk,
        node_on(disk, tmp_path / "kafka.log", version) as broker,
        fleet_for(tmp_path, program, broker, network) as fleet,
    ):
        ledger = Ledger(broker.bootstrap, network)
        network.start(posts_a_second=60)
        wait_stored(ledger, 200, 60)
        for number in range(setting("FULL", 3)):
            with open(disk / "filler", "wb") as filler:
                with contextlib.suppress(OSError):
                    while True:
                        filler.write(b"\0" * 65536)
            wait_until(
                lambda: not broker.nodes[0].running(), 180, "the node ends by itself"
            )
            time.sleep(10 * chance.random())
            (disk / "filler").unlink()
            broker.start()
            wait_stored(ledger, 50, 90)
            print(f"full for the {number + 1}. time, {stored(ledger)} posts stored")
        network.stop()
        assert_whole(ledger, fleet)


class Clock:
    """A wall clock that can be moved while programs run by it."""

    def __init__(self, path):
        self.path = path
        self.move(0)

    def move(self, seconds):
        next_one = self.path.with_suffix(".next")
        next_one.write_text(f"{seconds * 1000:.0f}")
        next_one.replace(self.path)


HOUR, DAY = 3600, 86400


def test_the_clocks_of_processes_jump(tmp_path, program, network, chance, version):
    """To and fro, each by itself; some farther than the broker's limit."""
    clocks = [Clock(tmp_path / f"clock{number}") for number in range(2)]
    with Broker(tmp_path / "kafka", version=version) as broker:
        fleet = fleet_for(tmp_path, program, broker, network)
        for process in fleet.processes:
            clock = clocks[int(process.name[-1])]
            process.environment = {"KAROOL_MOVED_CLOCK": str(clock.path)}
            process.program = program.parent / "tests/moved_clock"
        with fleet:
            ledger = Ledger(broker.bootstrap, network)
            network.start(posts_a_second=60)
            wait_stored(ledger, 200, 60)
            for jump in (HOUR / 2, -2 * HOUR, 20 * HOUR, -3 * DAY, 90 * DAY):
                for clock in clocks:
                    time.sleep(1 + 3 * chance.random())
                    clock.move(jump)
                time.sleep(6)
                print(f"clocks at {jump:+.0f} s: {stored(ledger)} posts stored")
            said = fleet.processes[0].text()
            assert "the clock was set by" in said
            assert "compare the clocks" in said
            for clock in clocks:
                clock.move(0)
            wait_stored(ledger, 50, 60)
            network.stop()
            assert_whole(ledger, fleet)


class BrokerClock:
    """That of the node alone, its group's sessions and transactions included."""

    def __init__(self, folder, program, node):
        self.path = folder / "moved-time"
        self.move(0)
        node.environment = {
            "LD_PRELOAD": str(program.parent / "tests/moved_time.so"),
            "KAROOL_MOVED_TIME": str(self.path),
        }

    def move(self, seconds):
        """In the file as it stands: the node has it in memory."""
        mode = "r+b" if self.path.exists() else "wb"
        with open(self.path, mode) as file:
            file.write(struct.pack("q", int(seconds)))


def test_the_clock_of_the_broker_jumps(tmp_path, program, network, chance, version):
    """Ahead beyond what it remembers of producers and transactions (a day, a
    week); back, so that all that comes is from its future and refused."""
    broker = Broker(tmp_path / "kafka", version=version)
    clock = BrokerClock(tmp_path, program, broker.nodes[0])
    with broker, fleet_for(tmp_path, program, broker, network) as fleet:
        ledger = Ledger(broker.bootstrap, network)
        network.start(posts_a_second=60)
        wait_stored(ledger, 200, 60)
        for jump in (HOUR / 2, -2 * HOUR, 20 * HOUR, 0, -3 * DAY, 8 * DAY, 3 * DAY):
            clock.move(jump)
            began = time.monotonic()
            time.sleep(4 + 6 * chance.random())
            if jump > -HOUR:
                wait_stored(ledger, 30, 90)
            took = time.monotonic() - began
            print(f"broker at {jump:+.0f} s for {took:.0f} s: {stored(ledger)} posts")
            if chance.random() < 0.5:
                chance.choice(fleet.processes).kill()
                fleet.revive()
        assert "compare the clocks" in fleet.of("ingest")[0].text()
        clock.move(0)
        wait_stored(ledger, 50, 90)
        network.stop()
        assert_whole(ledger, fleet)


def test_offsets_that_the_broker_lets_expire(tmp_path, program):
    """By its clock, not by a command as in test_groups.py."""
    settings = {
        "offsets.retention.minutes": 1,
        "offsets.retention.check.interval.ms": 2000,
    }
    with Broker(tmp_path / "kafka", settings=settings) as broker:
        campaign = Campaign(tmp_path, program, broker, "expires")
        campaign.flowers(8)
        with campaign:
            campaign.wait_stands()
            assert campaign.process.stop() == 0
            group = campaign.wait_empty("screen")

            def expired():
                request = [ConsumerGroupTopicPartitions(group)]
                answer = campaign.admin.list_consumer_group_offsets(request)
                return not answer[group].result(10).topic_partitions

            wait_until(expired, 180, "the group's offsets expire")
            campaign.process.log.write_text("")
            campaign.flowers(8)
            campaign.process.start()
            campaign.wait_stands()
            assert "screening resumes at the earliest post" in campaign.said()
