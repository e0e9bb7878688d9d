"""From a post's HTTP answer to its committed event."""

import threading
import time

from broker import Broker
from conftest import CHANNELS, setting
from fleet import Fleet
from network import Network, number_of, sources
from records import consumer


def follow(bootstrap, topic, seen, stopping):
    """When each event could be read by a consumer of what is committed."""
    reader = consumer(bootstrap, group_id="latency", enable_partition_eof=False)
    reader.subscribe([topic])
    while not stopping.is_set():
        now_messages = reader.consume(1000, timeout=0.02)
        now = time.time()
        for message in now_messages:
            if message.error() is None:
                seen.setdefault(number_of(message.key().decode()), now)
    reader.close()


def test_99_of_100_events_are_there_within_a_second(tmp_path, program):
    network = Network(CHANNELS, faults=0.0)
    seen, stopping = {}, threading.Event()
    with (
        Broker(tmp_path / "kafka") as broker,
        Fleet(
            tmp_path, program, broker.bootstrap, sources(network),
            ingest=0, screen=0, both=1,
        ) as fleet,
    ):  # fmt: skip
        network.publish(20)
        time.sleep(8)
        reader = threading.Thread(
            target=follow,
            args=(broker.bootstrap, "chaos.karool.flagged", seen, stopping),
        )
        reader.start()
        time.sleep(3)
        first = network.number
        network.start(posts_a_second=setting("LATENCY_RATE", 500))
        time.sleep(setting("LATENCY_SECONDS", 10))
        network.stop()
        flagged = {p.number for p in network.ledger() if p.flagged and p.number > first}
        until = time.monotonic() + 20
        while not flagged <= seen.keys() and time.monotonic() < until:
            time.sleep(0.1)
        stopping.set()
        reader.join()
        assert fleet.processes[0].stop() == 0
    network.close()
    waits = sorted(seen[n] - network.served[n] for n in flagged if n in seen)
    assert len(waits) > 200
    half, most = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"{len(waits)} events: half within {half:.3f} s, 99 % within {most:.3f} s")
    assert most < 1
