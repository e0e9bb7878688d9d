"""A line that is cut or slow, a process that stands still: all of it recovers."""

import time

import pytest
from broker import Broker
from conftest import setting
from ledger import Ledger, posts_of
from network import sources
from proxy import Line, broker_behind
from storm import Fleet, assert_whole

RECOVERY_SECONDS = 30


@pytest.fixture
def line_and_broker(tmp_path, version):
    line = Line()
    with broker_behind(line, tmp_path / "kafka", version) as broker:
        yield line, broker
    line.close()


def stored(ledger):
    return sum(posts_of(ledger.read("posts")).values())


def grows(ledger, seconds):
    """How long until something new is committed."""
    before, began = stored(ledger), time.monotonic()
    while stored(ledger) == before:
        if time.monotonic() - began > seconds:
            return None
        time.sleep(0.3)
    return time.monotonic() - began


def test_the_line_is_cut_and_slow(tmp_path, program, network, chance, line_and_broker):
    line, broker = line_and_broker
    address = f"127.0.0.1:{line.port}"
    with Fleet(tmp_path, program, address, sources(network)) as fleet:
        ledger = Ledger(broker.bootstrap, network)
        network.start(posts_a_second=40)
        assert grows(ledger, 60) is not None
        for seconds in map(float, setting("CUTS", "2,14").split(",")):
            line.cut()
            time.sleep(seconds)
            line.mend()
            took = grows(ledger, RECOVERY_SECONDS + 20)
            print(f"cut for {seconds} s: stores again after {took} s")
            assert took is not None and took < RECOVERY_SECONDS
        line.delay = 0.2
        assert grows(ledger, RECOVERY_SECONDS) is not None
        line.delay = 0.0
        network.stop()
        assert_whole(ledger, fleet)


def test_a_process_that_stood_still_is_fenced_and_recovers(
    tmp_path, program, network, chance, version
):
    with (
        Broker(tmp_path / "kafka", version=version) as broker,
        Fleet(tmp_path, program, broker.bootstrap, sources(network)) as fleet,
    ):
        ledger = Ledger(broker.bootstrap, network)
        network.start(posts_a_second=60)
        assert grows(ledger, 60) is not None
        for role in ("ingest", "screen"):
            for process in fleet.of(role)[: setting("STILL", 1)]:
                # In the middle of whatever it does.
                time.sleep(1 + chance.random())
                process.pause()
        time.sleep(setting("STILL_SECONDS", 18))
        for process in fleet.processes:
            process.resume()
        time.sleep(5)
        network.stop()
        assert_whole(ledger, fleet)
