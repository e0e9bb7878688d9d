"""How `run` starts and ends: signals, a dead broker, what is not to be had."""

import signal
import socket
import subprocess
import time

import archives
import pytest
from kafka.broker import free_ports
from topics import Topics, check_once
from waiting import wait_until

SIGNALS = [signal.SIGTERM, signal.SIGINT]


def busy(daemon, broker, path, campaign="test", posts=6000):
    """One whose transactions are open all the time."""
    archives.write_posts(path, archives.numbered(posts, 10))
    return daemon(
        campaign,
        brokers=broker.bootstrap,
        campaign=campaign,
        kafka={"partitions": 3},
        sources=[archives.source(path, follow="true")],
    )


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it_with_0_while_a_transaction_is_open(
    daemon, shared_kafka, tmp_path, number
):
    campaign = f"ends-{number}"
    karool = busy(daemon, shared_kafka, tmp_path / "posts.ndjson", campaign)
    karool.start()
    topics = Topics(karool.bootstrap, campaign)
    topics.wait_for_posts(100)
    karool.stop(number)
    karool.start()
    posts = topics.wait_for_posts(6000, seconds=90)
    events = topics.wait_for_flagged(600, seconds=90)
    karool.stop(number)
    check_once(posts)
    check_once([event["post"] for event in events])


def test_a_signal_ends_it_in_time_when_the_broker_is_dead(daemon, kafka, tmp_path):
    """Stopped, so that it takes connections and answers nothing."""
    karool = busy(daemon, kafka, tmp_path / "posts.ndjson").start()
    topics = Topics(kafka.bootstrap)
    topics.wait_for_posts(100)
    kafka.pause()
    time.sleep(0.5)
    karool.stop()
    kafka.resume()
    karool.start()
    posts = topics.wait_for_posts(6000, seconds=90)
    check_once(posts)
    kafka.kill()
    time.sleep(0.5)
    karool.stop(signal.SIGINT)


def test_a_second_signal_ends_it_at_once(daemon, kafka, tmp_path):
    """So many posts that a fast machine is not done before the broker stops."""
    path = tmp_path / "posts.ndjson"
    karool = busy(daemon, kafka, path, posts=200_000).start()
    Topics(kafka.bootstrap).wait_for_posts(100)
    kafka.pause()
    time.sleep(0.5)
    karool.send(signal.SIGTERM)
    time.sleep(0.5)
    assert karool.running(), "it still waits for the broker"
    began = time.monotonic()
    karool.send(signal.SIGTERM)
    assert karool.process.wait(10) == 0
    assert time.monotonic() - began < 1.5


def test_a_signal_before_it_has_begun_ends_it_too(daemon, kafka):
    """While it waits for a broker that never answers."""
    kafka.pause()
    karool = daemon(brokers=kafka.bootstrap).start()
    time.sleep(1)
    karool.stop()


def complaint(done, status):
    """The one line that says why; other lines say no more than this."""
    assert done.returncode == status, done.stderr
    lines = [line for line in done.stderr.splitlines() if "error:" in line]
    assert len(lines) == 1, done.stderr
    assert done.stdout == ""
    return lines[0]


def test_a_broker_that_cannot_be_reached_is_one_line(daemon):
    (port,) = free_ports(1)
    karool = daemon(brokers=f"127.0.0.1:{port}")
    for command in ("run", "tail"):
        line = complaint(karool.command(command), 1)
        assert f"127.0.0.1:{port}" in line
        assert "is it running" in line


@pytest.mark.parametrize("key", ["state_directory", "runtime_directory"])
def test_a_folder_that_cannot_be_written_is_one_line(daemon, tmp_path, key):
    karool = daemon(**{key: "/proc/nowhere"})
    line = complaint(karool.command("run"), 2)
    assert "/proc/nowhere" in line and key in line


def test_a_folder_that_is_a_file_is_one_line(daemon, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    karool = daemon(state_directory=str(file))
    line = complaint(karool.command("run"), 2)
    assert str(file) in line and "state_directory" in line


def test_a_broken_configuration_starts_nothing(daemon):
    karool = daemon(sources=[{"id": "a", "connector": "fead", "urls": ["x"]}])
    done = karool.command("run")
    assert done.returncode == 2
    assert "did you mean 'feed'?" in done.stderr
    assert "nothing was started" in done.stderr
    assert not (karool.folder / "run").exists()


def test_an_empty_dictionary_is_an_error(daemon):
    karool = daemon()
    for path in (karool.folder / "rules").iterdir():
        if path.name != "categories.yaml":
            path.unlink()
    done = karool.command("run")
    assert done.returncode == 2 and "rules" in done.stderr


def test_exit_codes_are_documented(daemon):
    karool = daemon()
    done = subprocess.run(
        [karool.program, "run", "--help"], capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "0 ended by a signal" in done.stdout and "1 " in done.stdout


def test_its_ports_are_its_own(daemon):
    """Two embedded brokers at once do not quarrel."""
    first, second = daemon("one").start(), daemon("two").start()
    assert first.bootstrap != second.bootstrap
    for karool in (first, second):
        host, port = karool.bootstrap.rsplit(":", 1)
        socket.create_connection((host, int(port)), timeout=5).close()
    wait_until(lambda: first.running() and second.running(), 5, "both run")
    first.stop()
    second.stop()
