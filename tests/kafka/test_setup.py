"""karool-kafka-setup, and the broker that its unit would start."""

import os
import re
import shlex
import shutil
import subprocess
import time

import pytest
from broker import accepts, choosing_ports, die_with_parent, free_ports, jars, wait_until
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType
from desk import SOURCE, Desk, post

SETUP = SOURCE / "systemd/karool-kafka-setup"
UNIT = SOURCE / "systemd/karool-kafka.service"
DAY = 24 * 60
NOW = int(time.time() * 1000)


def set_up(root, *arguments):
    return subprocess.run(
        [SETUP, "--no-start", *map(str, arguments)],
        env={"PATH": os.environ["PATH"], "KAROOL_ROOT": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("root")
    with choosing_ports():
        ports = free_ports(2)
    (folder / "etc/karool").mkdir(parents=True)
    shipped = (SOURCE / "systemd/karool-kafka.properties").read_text()
    assert shipped.count(":9092") == 2 and "0.0.0.0" not in shipped
    shipped = shipped.replace("9092", str(ports[0])).replace("9093", str(ports[1]))
    shipped = shipped.replace("log.dirs=", f"log.dirs={folder}")
    (folder / "etc/karool/kafka.properties").write_text(shipped)
    done = set_up(folder, "--jars", jars())
    assert done.returncode == 0, done.stderr
    return folder, ports[0], done.stdout.splitlines()[-1]


def exec_start(folder):
    """The unit's command, in the other root."""
    (command,) = re.findall(r"^ExecStart=(.*)$", UNIT.read_text(), re.M)
    for place in ("/opt/karool-kafka", "/etc/karool"):
        assert place in command
        command = command.replace(place, f"{folder}{place}")
    return shlex.split(command)


def start(folder, port, printed):
    """As a person would who copies the line."""
    process = subprocess.Popen(
        ["sh", "-c", "exec " + printed],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=open(folder / "kafka.log", "a"),
        preexec_fn=die_with_parent,
    )
    wait_until(lambda: accepts(port), 90, "the broker of the unit")
    return process


def test_without_systemd_the_command_of_the_unit_is_printed(root):
    folder, _, printed = root
    assert printed.startswith("  /")
    assert shlex.split(printed) == exec_start(folder)


def test_each_jar_is_the_one_that_was_listed(root):
    folder = root[0]
    listed = (SOURCE / "systemd/karool-kafka.jars").read_text().split("\n")[:-1]
    names = {line.rsplit("/", 1)[1] for line in listed}
    assert {path.name for path in (folder / "opt/karool-kafka/lib").iterdir()} == names
    for line in listed:
        assert re.fullmatch(r"[0-9a-f]{64}  [\w./-]+\.jar", line)


def test_a_jar_that_was_tampered_with_is_refused(tmp_path):
    copies = tmp_path / "jars"
    shutil.copytree(jars(), copies)
    (name,) = (path.name for path in copies.glob("kafka_2.13-*.jar"))
    with open(copies / name, "ab") as jar:
        jar.write(b"x")
    done = set_up(tmp_path / "root", "--jars", copies)
    assert done.returncode == 1
    assert f"{name} is not what it should be" in done.stderr
    assert not (tmp_path / "root/opt/karool-kafka/lib" / name).exists()
    assert not (tmp_path / "root/var/lib/karool-kafka/data").exists()


def test_a_wrong_question_is_told_how_to_ask():
    done = set_up("/nonexistent", "--everything")
    assert done.returncode == 1 and "usage:" in done.stderr


def test_a_campaign_runs_on_it_and_survives_its_death(root, tmp_path):
    folder, port, printed = root
    process = start(folder, port, printed)
    try:
        admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{port}", "log_level": 0})
        wanted = ConfigResource(ResourceType.BROKER, "1")
        (future,) = admin.describe_configs([wanted]).values()
        settings = {name: entry.value for name, entry in future.result(30).items()}
        assert settings["transaction.state.log.replication.factor"] == "1"
        assert settings["transaction.state.log.min.isr"] == "1"
        assert int(settings["offsets.retention.minutes"]) >= 60 * DAY
        assert settings["auto.create.topics.enable"] == "false"

        desk = Desk(tmp_path, f"127.0.0.1:{port}", "kafka: {partitions: 3}\n")
        desk.make_topics()
        desk.store([(post(1, "вот ромашка", NOW), NOW)])
        run = desk.start("run", "--role", "screen")
        wait_until(lambda: len(desk.read("flagged")) == 1, 60, "an event")
        process.kill()
        process.wait()
        process = start(folder, port, printed)
        desk.store([(post(2, "вот ромашка", NOW), NOW)])
        wait_until(lambda: len(desk.read("flagged")) >= 2, 90, "an event after it")
        ended = desk.end(run)
        assert ended.returncode == 0, ended.stderr
        assert len(desk.read("flagged")) == 2
    finally:
        process.terminate()
        assert process.wait(60) == 143, "as SuccessExitStatus says"


def test_a_second_time_it_leaves_data_and_settings_alone(root):
    folder = root[0]
    kept = [folder / "etc/karool/kafka.properties"]
    kept.append(folder / "var/lib/karool-kafka/data/meta.properties")
    before = [path.read_bytes() for path in kept]
    stray = folder / "opt/karool-kafka/lib/kafka-clients-0.1.jar"
    stray.write_bytes(b"of a former release")
    done = set_up(folder, "--jars", jars())
    assert done.returncode == 0, done.stderr
    assert [path.read_bytes() for path in kept] == before
    assert not stray.exists()
