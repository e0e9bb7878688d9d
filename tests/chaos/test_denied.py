"""A broker that denies what Karool needs: at the start, and while it runs."""

import pytest
from broker import Broker, choosing_ports, free_ports, wait_until
from campaign import Campaign
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
PASSWORD = "denied-Rt5kW8pZq2"
KAFKA = """\
  properties:
    security.protocol: sasl_plaintext
    sasl.mechanism: PLAIN
    sasl.username: karool
    sasl.password: {secret: kafka_password}
"""
TOPIC, GROUP = ResourceType.TOPIC, ResourceType.GROUP
TRANSACTION = ResourceType.TRANSACTIONAL_ID
# What README.md tells an administrator to grant, and no more.
GRANTED = {
    TOPIC: "Read Write Describe Create DescribeConfigs",
    GROUP: "Read Describe",
    TRANSACTION: "Write Describe",
}
OPERATIONS = {
    "Read": AclOperation.READ,
    "Write": AclOperation.WRITE,
    "Describe": AclOperation.DESCRIBE,
    "Create": AclOperation.CREATE,
    "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS,
}


class Guarded(Broker):
    """Karool signs in and may do what it is granted; tests may do everything."""

    def __init__(self, folder):
        super().__init__(folder)
        with choosing_ports():
            (self.guarded,) = free_ports(1)
        node = self.nodes[0]
        listeners = (
            f"PLAINTEXT://127.0.0.1:{node.port},GUARDED://127.0.0.1:{self.guarded}"
        )
        self.settings = {
            "listeners": f"{listeners},CONTROLLER://127.0.0.1:{node.controller_port}",
            "advertised.listeners": listeners,
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,"
            "CONTROLLER:PLAINTEXT,GUARDED:SASL_PLAINTEXT",
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.guarded.plain.sasl.jaas.config": f"{LOGIN} required "
            f'username="x" password="x" user_karool="{PASSWORD}";',
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer."
            "StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
        }

    def start(self, seconds=90):
        super().start(seconds)
        self.admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})

    def change(self, action, bindings):
        for done in action(bindings).values():
            done.result(30)

    def grant(self, prefix, *kinds):
        self.change(
            self.admin.create_acls,
            [
                binding(kind, prefix, operation, ResourcePatternType.PREFIXED)
                for kind in kinds
                for operation in GRANTED[kind].split()
            ],
        )

    def deny(self, kind, name, operation, pattern=ResourcePatternType.LITERAL):
        denied = binding(kind, name, operation, pattern, AclPermissionType.DENY)
        self.change(self.admin.create_acls, [denied])

    def deny_no_more(self):
        everything = AclBindingFilter(
            ResourceType.ANY, None, ResourcePatternType.ANY, None, None,
            AclOperation.ANY, AclPermissionType.DENY,
        )  # fmt: skip
        self.change(self.admin.delete_acls, [everything])


def binding(kind, name, operation, pattern, permission=AclPermissionType.ALLOW):
    return AclBinding(
        kind, name, pattern, "User:karool", "*", OPERATIONS[operation], permission
    )


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with Guarded(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


def campaign_on(folder, program, broker, name):
    campaign = Campaign(
        folder, program, broker, name, f"127.0.0.1:{broker.guarded}", KAFKA
    )
    campaign.process.environment = {"kafka_password": PASSWORD}
    return campaign


@pytest.fixture(scope="module")
def running(tmp_path_factory, program, broker):
    """One campaign, to which all is denied in turn."""
    broker.grant("denied.", TOPIC)
    broker.grant("denied-", GROUP, TRANSACTION)
    campaign = campaign_on(tmp_path_factory.mktemp("karool"), program, broker, "denied")
    campaign.flowers(4)
    with campaign:
        campaign.wait_stands()
        yield campaign
        assert campaign.process.stop() == 0


@pytest.mark.parametrize(
    "kind, name, operation, words",
    [
        (TOPIC, "denied.karool.cursors", "Write", "on its topics"),
        (TOPIC, "denied.karool.posts", "Write", "on its topics"),
        (TOPIC, "denied.karool.flagged", "Write", "on its topics"),
        (TOPIC, "denied.karool.posts", "Read", "on its topics"),
        (GROUP, "denied-screen", "Read", "on its groups"),
        (GROUP, "denied-ingest", "Read", "on its groups"),
    ],
)
def test_what_is_denied_for_a_while_is_told_and_made_up_for(
    kind, name, operation, words, broker, running
):
    running.process.log.write_text("")
    broker.deny(kind, name, operation)
    try:
        running.flowers(4)
        running.wait_said("may not")
        assert words in running.said()
    finally:
        broker.deny_no_more()
    running.wait_stands()


def test_a_transactional_id_that_is_denied_is_told_and_made_up_for(broker, running):
    running.process.log.write_text("")
    broker.deny(TRANSACTION, "denied-", "Write", ResourcePatternType.PREFIXED)
    try:
        running.flowers(4)
        running.wait_said("may not")
        assert "on its transactional ids" in running.said()
    finally:
        broker.deny_no_more()
    running.wait_stands()


def test_who_may_nothing_ends_with_one_clear_line(tmp_path, program, broker):
    campaign = campaign_on(tmp_path, program, broker, "stranger")
    with campaign:
        wait_until(lambda: not campaign.process.running(), 60, campaign.said)
        assert campaign.process.process.returncode == 2
        assert "may not" in campaign.said()
        assert "kafka-acls.sh" in campaign.said()
    assert PASSWORD not in campaign.said()
