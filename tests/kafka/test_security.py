"""SASL and TLS with a private authority, on a real Kafka."""

import pathlib
import stat
import subprocess
import time

import confluent_kafka
import pytest
from broker import Broker, choosing_ports, free_ports, wait_until
from desk import Desk, post, program, said

NOW = int(time.time() * 1000)
# Planted: each must be nowhere in what any program of this test run says.
PASSWORDS = {
    "PLAIN": "plain-Zk3vQ9wLx7",
    "SCRAM-SHA-256": "scram256-Hq8nB2tYf5",
    "SCRAM-SHA-512": "scram512-Wd6mR4cJs1",
}
WRONG = "wrong-Vx2pT7gKz8"
PEM_PASSWORD = "pem-Ln5yC9uEa3"
LOGIN = "org.apache.kafka.common.security"


def openssl(*arguments):
    subprocess.run(
        ["openssl", *map(str, arguments)], check=True, capture_output=True
    )


def make_authority(folder, name):
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key",
        "-out", folder / f"{name}.pem",
    )  # fmt: skip
    return folder / f"{name}.pem"


def make_certificate(folder, authority, name, alternatives, options=("-nodes",)):
    """A key and a certificate of the authority, in one file."""
    key, request, names = (folder / f"{name}.{kind}" for kind in ("key", "csr", "san"))
    openssl(
        "req", "-newkey", "rsa:2048", *options, "-subj", f"/CN={name}",
        "-keyout", key, "-out", request,
    )  # fmt: skip
    names.write_text(f"subjectAltName={alternatives}\n")
    openssl(
        "x509", "-req", "-in", request, "-CA", authority,
        "-CAkey", authority.with_suffix(".key"), "-CAcreateserial",
        "-days", "2", "-extfile", names, "-out", folder / f"{name}.crt",
    )  # fmt: skip
    both = folder / f"{name}.both"
    both.write_text(key.read_text() + (folder / f"{name}.crt").read_text())
    return both


class Fortress:
    """A broker with one listener for each way to come in."""

    ways = {
        "SASL": "SASL_PLAINTEXT",
        "SASLTLS": "SASL_SSL",
        "TLS": "SSL",
        "MUTUAL": "SSL",
        "OTHERNAME": "SSL",
    }

    def __init__(self, folder):
        self.authority = make_authority(folder, "authority")
        self.stranger = make_authority(folder, "stranger")
        ours = make_certificate(
            folder, self.authority, "here", "IP:127.0.0.1,DNS:localhost"
        )
        other = make_certificate(folder, self.authority, "other", "DNS:kafka.example")
        self.client = make_certificate(
            folder, self.authority, "client", "DNS:karool",
            ("-passout", f"pass:{PEM_PASSWORD}"),
        )  # fmt: skip
        scram = [
            option
            for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
            for option in (
                "--add-scram",
                f"{mechanism}=[name=karool,password={PASSWORDS[mechanism]}]",
            )
        ]
        self.broker = Broker(folder / "broker", format_options=scram)
        with choosing_ports():
            ports = free_ports(len(self.ways))
        self.ports = dict(zip(self.ways, ports))
        node = self.broker.nodes[0]
        listeners = [f"PLAINTEXT://127.0.0.1:{node.port}"]
        listeners += [f"{way}://127.0.0.1:{port}" for way, port in self.ports.items()]
        protocols = ["PLAINTEXT:PLAINTEXT", "CONTROLLER:PLAINTEXT"]
        protocols += [f"{way}:{protocol}" for way, protocol in self.ways.items()]
        self.broker.settings = {
            "listeners": ",".join(
                [*listeners, f"CONTROLLER://127.0.0.1:{node.controller_port}"]
            ),
            "advertised.listeners": ",".join(listeners),
            "listener.security.protocol.map": ",".join(protocols),
            "sasl.enabled.mechanisms": ",".join(PASSWORDS),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": ours,
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": self.authority,
            "listener.name.othername.ssl.keystore.type": "PEM",
            "listener.name.othername.ssl.keystore.location": other,
            "listener.name.mutual.ssl.client.auth": "required",
        }
        for way in ("sasl", "sasltls"):
            for mechanism in PASSWORDS:
                module = (
                    f'{LOGIN}.plain.PlainLoginModule required username="x" '
                    f'password="x" user_karool="{PASSWORDS["PLAIN"]}";'
                    if mechanism == "PLAIN"
                    else f"{LOGIN}.scram.ScramLoginModule required;"
                )
                key = f"listener.name.{way}.{mechanism.lower()}.sasl.jaas.config"
                self.broker.settings[key] = module


@pytest.fixture(scope="module")
def fortress(tmp_path_factory):
    built = Fortress(tmp_path_factory.mktemp("fortress"))
    with built.broker:
        yield built


def properties(fortress, way, mechanism=None, **others):
    """The `kafka:` of a configuration that comes in this way."""
    wanted = {"security.protocol": fortress.ways[way]}
    if "SSL" in fortress.ways[way]:
        wanted["ssl.ca.location"] = fortress.authority
    if mechanism:
        wanted["sasl.mechanism"] = mechanism
        wanted["sasl.username"] = "karool"
        wanted["sasl.password"] = "{secret: kafka_password}"
    wanted.update({name.replace("_", "."): value for name, value in others.items()})
    return "kafka:\n  partitions: 1\n  properties:\n" + "".join(
        f"    {name}: {value}\n" for name, value in wanted.items()
    )


def enter(fortress, folder, way, mechanism=None, host="127.0.0.1", **others):
    return Desk(
        folder,
        f"{host}:{fortress.ports[way]}",
        properties(fortress, way, mechanism, **others),
    )


def give_secret(desk, how, name, value):
    if how == "environment":
        desk.environment[name.upper()] = value
        return
    folder = desk.folder / ("credentials" if how == "credential" else ".")
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(value + "\n")
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    if how == "credential":
        desk.environment["CREDENTIALS_DIRECTORY"] = str(folder)


@pytest.fixture(scope="module")
def newer_library(tmp_path_factory):
    """A folder with the librdkafka of the Python client: SCRAM with a Kafka of
    today needs 2.6.1, Debian 12 has 2.0.2."""
    wheel = pathlib.Path(confluent_kafka.__file__).parent
    (library,) = wheel.with_name("confluent_kafka.libs").glob("librdkafka-*.so.1")
    folder = tmp_path_factory.mktemp("library")
    (folder / "librdkafka.so.1").symlink_to(library)
    return folder


def flags(desk, fortress):
    """The whole path works: a post is stored, screened and replayed."""
    inside = Desk(desk.folder, fortress.broker.bootstrap, campaign=desk.campaign)
    desk.configure(desk.settings)
    inside.make_topics(("posts", "flagged"), partitions=1)
    inside.store([(post(1, "вот ромашка", NOW), NOW)], partitions=1)
    run = desk.start("run", "--role", "screen")
    try:
        wait_until(lambda: inside.read("flagged"), 60, "an event")
    finally:
        ended = desk.end(run)
    assert ended.returncode == 0, ended.stderr
    done = desk.karool("replay", "--from", "1d")
    assert done.returncode == 0 and "вот ромашка" in done.stdout, done.stderr
    return True


@pytest.mark.parametrize(
    ("way", "mechanism", "how"),
    [
        ("SASL", "PLAIN", "environment"),
        ("SASL", "SCRAM-SHA-256", "file"),
        ("SASLTLS", "SCRAM-SHA-512", "credential"),
        ("SASLTLS", "PLAIN", "file"),
    ],
)
def test_a_password_opens_the_whole_path(
    fortress, tmp_path, newer_library, way, mechanism, how
):
    desk = enter(fortress, tmp_path, way, mechanism)
    if mechanism != "PLAIN":
        desk.environment["LD_LIBRARY_PATH"] = str(newer_library)
    give_secret(desk, how, "kafka_password", PASSWORDS[mechanism])
    assert flags(desk, fortress)


def test_a_private_authority_and_a_certificate_of_ours(fortress, tmp_path):
    desk = enter(
        fortress,
        tmp_path,
        "MUTUAL",
        ssl_certificate_location=fortress.client.with_suffix(".crt"),
        ssl_key_location=fortress.client.with_suffix(".key"),
        ssl_key_password="{secret: key_password}",
    )
    give_secret(desk, "file", "key_password", PEM_PASSWORD)
    assert flags(desk, fortress)


def refused(desk):
    """The one line by which it ends."""
    done = desk.karool("run", "--role", "screen", seconds=60)
    assert done.returncode == 1 and done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("karool run: error: Kafka")
    return lines[0]


@pytest.mark.parametrize("mechanism", PASSWORDS)
def test_a_wrong_password_is_told_in_one_line(fortress, tmp_path, mechanism):
    desk = enter(fortress, tmp_path, "SASLTLS", mechanism)
    give_secret(desk, "file", "kafka_password", WRONG)
    assert "user or password is wrong" in refused(desk)


def test_a_library_too_old_for_scram_is_told_in_one_line(fortress, tmp_path):
    desk = enter(fortress, tmp_path, "SASL", "SCRAM-SHA-256")
    give_secret(desk, "file", "kafka_password", PASSWORDS["SCRAM-SHA-256"])
    linked = subprocess.run([program(), "--version"], capture_output=True, text=True)
    version = linked.stdout.split("librdkafka ")[1].split()[0]
    if tuple(map(int, version.split("."))) >= (2, 6, 1):
        assert flags(desk, fortress)
    else:
        assert f"librdkafka {version} is too old" in refused(desk)


def test_an_unknown_authority_is_told_in_one_line(fortress, tmp_path):
    desk = enter(fortress, tmp_path, "TLS", ssl_ca_location=fortress.stranger)
    assert "not of an authority that is trusted here" in refused(desk)


def test_a_certificate_for_another_host_is_told_in_one_line(fortress, tmp_path):
    desk = enter(fortress, tmp_path, "OTHERNAME")
    assert "its certificate is for another host name" in refused(desk)


def test_tls_where_there_is_none_is_told_in_one_line(fortress, tmp_path):
    desk = Desk(tmp_path, fortress.broker.bootstrap, properties(fortress, "TLS"))
    assert "does not speak TLS" in refused(desk)


def test_no_tls_where_it_is_wanted_is_told_in_one_line(fortress, tmp_path):
    desk = Desk(tmp_path, f"127.0.0.1:{fortress.ports['TLS']}")
    assert "want TLS or a password" in refused(desk)


def test_no_certificate_of_ours_where_one_is_asked_for(fortress, tmp_path):
    desk = enter(fortress, tmp_path, "MUTUAL")
    assert "a certificate of ours" in refused(desk)


@pytest.mark.parametrize("command", [["tail"], ["replay", "--from", "1h"]])
def test_tail_and_replay_say_the_same(fortress, tmp_path, command):
    desk = enter(fortress, tmp_path, "SASL", "PLAIN")
    give_secret(desk, "file", "kafka_password", WRONG)
    done = desk.karool(*command)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr
    assert "user or password is wrong" in done.stderr


@pytest.mark.parametrize(
    "name", ["sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem"]
)
def test_a_secret_written_out_is_refused_and_not_repeated(tmp_path, name):
    desk = Desk(
        tmp_path,
        "127.0.0.1:9092",
        f"kafka:\n  properties:\n    {name}: {PASSWORDS['PLAIN']}\n",
    )
    done = desk.karool("check")
    assert done.returncode == 2
    assert "a secret is never written here" in done.stderr
    assert PASSWORDS["PLAIN"] not in done.stderr + done.stdout


def test_a_secret_that_others_can_read_is_refused(fortress, tmp_path):
    desk = enter(fortress, tmp_path, "SASL", "PLAIN")
    give_secret(desk, "file", "kafka_password", PASSWORDS["PLAIN"])
    (tmp_path / "kafka_password").chmod(0o644)
    done = desk.karool("run", "--role", "screen")
    assert done.returncode == 2 and "chmod 600" in done.stderr


def test_a_secret_in_the_wrong_place_is_not_told(fortress, tmp_path):
    """librdkafka quotes a value that it does not take."""
    desk = enter(fortress, tmp_path, "SASL", "PLAIN")
    desk.configure(
        desk.settings.replace("mechanism: PLAIN", "mechanism: {secret: kafka_password}")
        + "    ssl.cipher.suites: {secret: kafka_password}\n"
        + "    security.protocol.x: {secret: kafka_password}\n"
    )
    give_secret(desk, "file", "kafka_password", PASSWORDS["PLAIN"])
    done = desk.karool("run", "--role", "screen")
    assert done.returncode != 0 and PASSWORDS["PLAIN"] not in done.stderr


@pytest.mark.parametrize(
    ("brokers", "settings", "allowed"),
    [
        ("kafka.example:9092", "", False),
        ("127.0.0.1:9092,kafka.example:9092", "", False),
        ("127.kafka.example:9092", "", False),
        ("kafka.example:9092", "kafka: {properties: {security.protocol: sasl_plaintext}}\n", False),
        ("kafka.example:9092", "kafka: {plaintext: allow}\n", True),
        ("kafka.example:9092", "kafka: {properties: {security.protocol: sasl_ssl}}\n", True),
        ("127.0.0.1:9092,localhost:9093,[::1]:9094", "", True),
    ],
)  # fmt: skip
def test_no_kafka_without_tls_beyond_this_machine(tmp_path, brokers, settings, allowed):
    done = Desk(tmp_path, brokers, settings).karool("check")
    assert (done.returncode == 0) is allowed, done.stderr
    assert allowed or "kafka.plaintext: allow" in done.stderr


def test_debug_logs_do_not_hold_the_password_either(fortress, tmp_path):
    desk = enter(fortress, tmp_path, "SASLTLS", "PLAIN", debug="all")
    desk.configure(desk.settings + "log: debug\n")
    give_secret(desk, "file", "kafka_password", PASSWORDS["PLAIN"])
    assert flags(desk, fortress)


def test_no_program_said_a_secret(fortress):
    """Last: over all that was said in this run, by the tests before it."""
    text = "\n".join(said)
    assert len(said) > 10 and "Kafka" in text
    for secret in [*PASSWORDS.values(), WRONG, PEM_PASSWORD]:
        assert secret not in text
