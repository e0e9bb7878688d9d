"""The broker dies, or another node leads: nothing lost, nothing twice."""

import time

from broker import Broker, Cluster, wait_until
from conftest import setting
from ledger import Ledger
from storm import Storm, assert_whole, fleet_for


def test_the_only_node_is_killed_and_comes_back(
    tmp_path, program, network, chance, version
):
    with (
        Broker(tmp_path / "kafka", version=version) as broker,
        fleet_for(tmp_path, program, broker, network) as fleet,
    ):
        network.start(posts_a_second=60)
        for _ in range(setting("BROKER_KILLS", 2)):
            time.sleep(2 + 6 * chance.random())
            broker.kill()
            time.sleep(3 * chance.random())
            broker.start()
        network.stop()
        assert_whole(Ledger(broker.bootstrap, network), fleet)


def test_leaders_change_among_three_nodes(tmp_path, program, network, chance, version):
    with (
        Cluster(tmp_path / "kafka", nodes=3, heap="400m", version=version) as cluster,
        fleet_for(tmp_path, program, cluster, network) as fleet,
    ):
        storm = Storm(fleet, network, chance)
        network.start(posts_a_second=60)
        for _ in range(setting("LEADER_CHANGES", 1)):
            time.sleep(2 + 4 * chance.random())
            node = chance.choice(cluster.nodes)
            node.kill()
            storm.kill_processes(1, rest=4)
            time.sleep(5 + 3 * chance.random())
            node.start()
            wait_until(cluster.answers, 60, "the node is back")
        network.stop()
        assert_whole(Ledger(cluster.bootstrap, network), fleet)
