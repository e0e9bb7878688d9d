"""karool run, as far as it goes without a network."""

import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import termios
import threading
import time

import pytest

CONFIG = """\
karool: config/1
campaign: test
brokers: embedded
rules: rules
connectors: connectors
state_directory: state
runtime_directory: state
sources:
  - id: news
    connector: feed
    urls: [https://one.invalid/rss, https://two.invalid/rss, https://one.invalid/b]
  - id: fediverse
    connector: mastodon
    instance: https://three.invalid
    tags: [gardens]
"""


def configure(karool, tmp_path, config=CONFIG):
    source = karool.source / "config/connectors"
    if not (tmp_path / "connectors").exists():
        (tmp_path / "connectors").symlink_to(source)
    (tmp_path / "karool.yaml").write_text(config)


def run(karool, tmp_path, *arguments, config=CONFIG):
    """Its first two lines; Ctrl-C ends it with 0."""
    configure(karool, tmp_path, config)
    process = subprocess.Popen(
        [karool.path, "run", "-c", tmp_path / "karool.yaml", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    lines = [process.stderr.readline() for _ in range(2)]
    process.send_signal(signal.SIGINT)
    process.stderr.read()
    assert process.wait(10) == 0
    return lines


def test_every_host_is_named_once_before_it_is_asked(karool, rules, tmp_path):
    lines = run(karool, tmp_path)
    assert lines[0].endswith(
        "karool: will ask one.invalid, two.invalid, three.invalid\n"
    )
    assert "embedded broker at 127.0.0.1:" in lines[1]


def test_offline_asks_nobody(karool, rules, tmp_path):
    lines = run(karool, tmp_path, "--offline")
    assert "offline: no source that needs a network" in lines[0]
    assert "embedded broker at 127.0.0.1:" in lines[1]


def test_a_file_without_sources_is_said_to_have_none(karool, rules, tmp_path):
    config = CONFIG[: CONFIG.index("sources:")]
    lines = run(karool, tmp_path, config=config)
    assert lines[0].endswith("karool.yaml names no sources: nothing is polled\n")


@pytest.mark.parametrize("folder", ["karool.yaml", "karool.yaml/x", "/proc/self"])
def test_a_folder_that_cannot_be_written_is_told_with_its_key(
    karool, rules, tmp_path, folder
):
    for key in "state_directory", "runtime_directory":
        configure(karool, tmp_path, CONFIG.replace(f"{key}: state", f"{key}: {folder}"))
        done = karool("run", "--offline", "-c", tmp_path / "karool.yaml")
        assert done.returncode in (1, 2)
        told = done.stderr.splitlines()[-1]
        assert f"set {key} to a folder you may write" in told
        assert folder.strip("/") in told.partition("write")[2]


def test_a_second_signal_ends_at_once_but_not_one_sent_twice(
    karool, rules, tmp_path
):
    """Kafka takes the connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = "127.0.0.1:%d" % server.getsockname()[1]
        configure(karool, tmp_path, CONFIG.replace("embedded", address))
        process = subprocess.Popen(
            [karool.path, "run", "--offline", "-c", tmp_path / "karool.yaml"],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert "offline" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert process.poll() is None, "timeout(1) signals twice"
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert time.monotonic() - asked < 2.5
        process.stderr.close()


def resize(terminal, rows, columns):
    fcntl.ioctl(
        terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0)
    )


def on_terminal(
    karool, tmp_path, columns, rows, until, narrower=None, **environment
):
    """What a terminal of that size is sent until `until` is on it; and what it
    is sent after it became narrower."""
    configure(karool, tmp_path)
    leader, follower = pty.openpty()
    resize(follower, rows, columns)
    process = subprocess.Popen(
        [karool.path, "run", "-c", tmp_path / "karool.yaml"],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "TERM": "xterm", **environment},
    )
    os.close(follower)
    sent = b""
    wide = None
    asked_to_end = False
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([leader], [], [], 1)
        try:
            part = os.read(leader, 65536) if ready else b""
        except OSError:
            break
        sent += part
        if until.encode() not in sent or asked_to_end:
            continue
        if narrower and wide is None:
            resize(leader, rows, narrower)
            wide, sent = sent.decode(), b""
            continue
        process.send_signal(signal.SIGINT)
        asked_to_end = True
    os.close(leader)
    assert process.wait(10) == 0
    return (wide, sent.decode()) if narrower else sent.decode()


MOVES = re.compile(r"\033\[\d*[AJ]|\r")
COLOURS = re.compile(r"\033\[[0-9;]*m")


@pytest.mark.parametrize("columns", [40, 60, 120])
def test_no_line_is_wider_than_the_terminal(karool, rules, tmp_path, columns):
    sent = on_terminal(karool, tmp_path, columns, 30, "next try in")
    assert "unreachable" in sent and "news" in sent
    for line in COLOURS.sub("", MOVES.sub("", sent)).split("\n"):
        assert len(line) <= columns, line


def test_a_narrow_terminal_cuts_nothing_off(karool, rules, tmp_path):
    sent = on_terminal(karool, tmp_path, 40, 40, "next try in")
    blocks = MOVES.sub("", COLOURS.sub("", sent)).split("── ")
    said = next(" ".join(x.split()) for x in blocks if "next try in" in x)
    assert "…" not in said
    assert re.search(r"Kafka at 127\.0\.0\.1:\d+ · rules", said), said
    assert "one.invalid: unreachable: no such name, or no internet" in said
    assert re.search(r"screened, \d+ flagged, \d+ rejected", said), said


def draw(lines, sent, columns):
    """On a terminal that breaks lines at its width."""
    for part in re.findall(r"\033\[\d*[A-Za-z]|[^\033]+", sent):
        if part[0] == "\033" and part[-1] == "A":
            assert lines[-1] == ""
            del lines[-1 - int(part[2:-1]) :]
            lines.append("")
        elif part[0] != "\033":
            for i, text in enumerate(part.replace("\r", "").split("\n")):
                lines += [""] if i else []
                lines[-1] += text
                while len(lines[-1]) > columns:
                    lines[-1:] = [lines[-1][:columns], lines[-1][columns:]]
    return lines


@pytest.mark.parametrize("colour", [{}, {"NO_COLOR": "1"}])
def test_a_terminal_that_becomes_narrower_keeps_one_block(
    karool, rules, tmp_path, colour
):
    wide, narrow = on_terminal(
        karool, tmp_path, 100, 40, " posts", narrower=30, **colour
    )
    before = draw([""], wide, 100)
    [head] = [i for i, line in enumerate(before) if line.startswith("── test")]
    above = draw([""], "".join(line + "\n" for line in before[:head]), 30)[:-1]
    after = draw(draw([""], "\n".join(before), 30), narrow, 30)
    assert after[: len(above)] == above
    assert not [line for line in after if "Ctrl-C" in line or "── test" in line]


def test_the_block_of_sources_fits_a_low_terminal(karool, rules, tmp_path):
    sent = on_terminal(karool, tmp_path, 60, 10, "more source")
    heights = [int(up) for up in re.findall(r"\033\[(\d+)A", sent)]
    assert heights and max(heights) < 10
    assert "… and 1 more source" in sent


def test_no_color_leaves_only_the_moves_of_the_block(karool, rules, tmp_path):
    until = "next try in"
    assert COLOURS.search(on_terminal(karool, tmp_path, 80, 24, until))
    plain = on_terminal(karool, tmp_path, 80, 24, until, NO_COLOR="1")
    assert "\033[" in plain and not COLOURS.search(plain)


def test_the_demo_tells_why_in_a_pipe_too(karool, tmp_path):
    """Each kind of reason, and the words themselves only masked."""
    process = subprocess.Popen(
        [
            karool.path,
            "run",
            "--offline",
            "-c",
            karool.source / "config/demo/karool.yaml",
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    wanted = {
        "as in the dictionary; term ru-tulip",
        "in another form; term ky-fish",
        "disguised: look-alike letters; term ru-tulip",
        "disguised: letters of another keyboard layout; term ky-grape",
        "disguised: another script; term ru-tulip",
        "disguised: digits or signs for letters; term ru-cake",
        "disguised: stretched letters; term ru-cake",
        "disguised: letters set apart; term ru-cake",
        "disguised: masked letters; term ru-tulip",
        "disguised: invisible characters; term ru-cake",
        "is give + “б****” is bunch; rule call-to-give",
        "raised by thorny-flower",
    }
    lines = []
    timer = threading.Timer(60, process.kill)
    timer.start()
    for line in process.stderr:
        lines.append(line)
        wanted = {words for words in wanted if words not in line}
        if not wanted:
            break
    process.send_signal(signal.SIGINT)
    lines += process.stderr.readlines()
    timer.cancel()
    assert process.wait(10) == 0
    assert not wanted
    flagged = [line for line in lines if " flagged: " in line]
    assert len(flagged) == len(set(flagged))
    assert not any("тюльпан" in line or "букет" in line for line in lines)
