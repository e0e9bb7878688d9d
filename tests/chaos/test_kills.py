"""kill -9 of anything at any moment: nothing lost, nothing twice."""

from broker import Broker
from conftest import setting
from ledger import Ledger
from storm import Storm, assert_whole, fleet_for


def test_random_processes_are_killed_under_load(
    tmp_path, program, network, chance, version
):
    with (
        Broker(tmp_path / "kafka", version=version) as broker,
        fleet_for(tmp_path, program, broker, network) as fleet,
    ):
        network.start(posts_a_second=setting("RATE", 60))
        Storm(fleet, network, chance).kill_processes(
            setting("KILLS", 30), setting("REST", 7.0)
        )
        network.stop()
        assert_whole(Ledger(broker.bootstrap, network), fleet)
        assert len(network.ledger()) > 500
