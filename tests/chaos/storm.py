"""Things that go wrong, in an order that chance decides."""

import time

from fleet import Fleet
from network import sources


class Storm:
    def __init__(self, fleet, network, chance):
        self.fleet = fleet
        self.network = network
        self.chance = chance
        self.began = time.monotonic()

    def rest(self, most):
        """Mostly short, now and then long enough for a whole rebalance."""
        time.sleep(most * self.chance.random() ** 3)

    def kill_processes(self, kills, rest=10.0):
        for number in range(kills):
            self.rest(rest)
            process = self.chance.choice(self.fleet.processes)
            process.kill()
            if self.chance.random() < 0.5:
                time.sleep(self.chance.random())
            self.fleet.revive()
            if (number + 1) % 50 == 0:
                seconds = time.monotonic() - self.began
                published = len(self.network.ledger())
                print(f"{number + 1} kills, {seconds:.0f} s, {published} posts")


def fleet_for(folder, program, broker, network, **options):
    return Fleet(folder, program, broker.bootstrap, sources(network), **options)


def assert_whole(ledger, fleet, seconds=120):
    """Nothing lost, nothing twice; or what, and where the logs are."""
    findings = ledger.wait_complete(seconds)
    ended = [p.name for p in fleet.processes if not p.running()]
    if ended:
        findings.append(f"ended by themselves: {ended}")
    assert not findings, "\n".join([*findings, f"logs: {fleet.folder}"])
