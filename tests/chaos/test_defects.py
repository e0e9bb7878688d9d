"""The harness must be able to fail: it finds each seeded defect."""

import time

import pytest
from broker import Broker
from ledger import Ledger
from storm import fleet_for

# Which process has the defect, and what it does to the topics.
DEFECTS = {
    "offsets": ("screen", "events lost"),
    "cursors": ("ingest", "posts lost"),
    "seen": ("ingest", "posts lost"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_seeded_defect_is_found(defect, tmp_path, program, network, chance, version):
    role, finding = DEFECTS[defect]
    broken = program.parent / "tests" / f"defect_{defect}"
    with (
        Broker(tmp_path / "kafka", version=version) as broker,
        fleet_for(
            tmp_path, program, broker, network, ingest=1, screen=1, threads=1
        ) as fleet,
    ):
        victim = fleet.of(role)[0]
        victim.kill()
        victim.program = broken
        victim.start()
        ledger = Ledger(broker.bootstrap, network)
        until = time.monotonic() + 240
        findings = []
        while not any(finding in one for one in findings):
            assert time.monotonic() < until, f"not found: {findings}"
            for _ in range(5):
                victim.kill()
                network.publish(1500)  # walks of many pages
                victim.start()
                time.sleep(1 + 2.5 * chance.random())
            victim.kill()
            victim.start()
            findings = ledger.wait_complete(8)
