"""kafka.properties: what is set there counts, or is refused where it stands."""

import re

import pytest

CONFIG = """\
karool: config/1
campaign: test
brokers: 127.0.0.1:9092
rules: {rules}
connectors: {connectors}
kafka:
  properties:
    {property}: {value}
"""
# Karool has a value of its own for these, and the operator's counts over it.
FREE = {
    "broker.address.family": "v4",
    "client.id": "desk",
    "client.software.name": "desk",
    "compression.type": "zstd",
    "fetch.wait.max.ms": "50",
    "linger.ms": "20",
    "reconnect.backoff.max.ms": "1000",
    "socket.keepalive.enable": "false",
}
# Other names of librdkafka for what Karool sets.
ALIASES = [
    "acks",
    "auto.commit.enable",
    "delivery.timeout.ms",
    "max.in.flight",
    "max.partition.fetch.bytes",
    "metadata.broker.list",
    "partitioner",
    "request.required.acks",
    "retries",
]


def set_by_karool(source):
    """Every property that the clients of the program set."""
    texts = [path.read_text() for path in (source / "daemon").glob("kafka_*.c")]
    pattern = r'(?:\{|conf, )"([a-z]+(?:\.[a-z]+)+)",'
    clients = [text for text in texts if "rd_kafka_conf_t" in text]
    return {name for text in clients for name in re.findall(pattern, text)}


def check(karool, rules, tmp_path, name, value):
    path = tmp_path / "karool.yaml"
    connectors = karool.source / "config/connectors"
    path.write_text(
        CONFIG.format(rules=rules, connectors=connectors, property=name, value=value)
    )
    return karool("check", "-c", path)


def test_what_karool_sets_is_refused_or_the_operators(karool, rules, tmp_path):
    names = set_by_karool(karool.source)
    assert {"isolation.level", "transactional.id", "linger.ms"} <= names
    assert set(FREE) <= names
    for name in sorted(names | set(ALIASES)):
        done = check(karool, rules, tmp_path, name, FREE.get(name, "1"))
        if name in FREE:
            assert done.returncode == 0, done.stderr
        else:
            assert done.returncode == 2, name
            line = f"karool.yaml:8:5: error: '{name}' is not to be set here: "
            assert line in done.stderr


@pytest.mark.parametrize("name, value", [("lingre.ms", "5"), ("linger.ms", "soon")])
@pytest.mark.parametrize("command", ["check", "run"])
def test_what_librdkafka_does_not_take_is_told_where_it_stands(
    karool, rules, tmp_path, command, name, value
):
    check(karool, rules, tmp_path, name, value)
    done = karool(command, "-c", tmp_path / "karool.yaml")
    assert done.returncode == 2
    said = f"karool.yaml:8:5: error: librdkafka does not take '{name}': "
    assert said in done.stderr
