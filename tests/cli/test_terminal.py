"""What a person sees who types a command and waits."""

import os
import pty
import re
import select
import signal
import subprocess
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
  - {id: texts, connector: archive, files: [posts.ndjson], start: beginning}
"""


class Terminal:
    """A command on a terminal of its own, stdin too."""

    def __init__(self, karool, *arguments):
        self.leader, follower = pty.openpty()
        self.process = subprocess.Popen(
            [karool.path, *map(str, arguments)],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env={"PATH": "/usr/bin:/bin", "TERM": "xterm", "NO_COLOR": "1"},
        )
        os.close(follower)
        self.seen = ""

    def read(self):
        try:
            if select.select([self.leader], [], [], 1)[0]:
                self.seen += os.read(self.leader, 65536).decode()
        except OSError:
            return False
        return True

    def wait_for(self, pattern):
        deadline = time.monotonic() + 60
        while not re.search(pattern, self.seen):
            assert time.monotonic() < deadline and self.read(), self.seen
        return self

    def write(self, text):
        os.write(self.leader, text.encode())

    def end(self):
        status = self.process.wait(60)
        while self.read():
            pass
        return status

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.leader)


@pytest.fixture
def terminal(karool):
    made = []

    def make(*arguments):
        made.append(Terminal(karool, *arguments))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("command", ["explain -", "scan --input text --output csv"])
def test_input_that_is_typed_is_asked_for_and_answered_at_once(
    terminal, rules, command
):
    name, *rest = command.split()
    typed = terminal(name, "-r", rules, *rest).wait_for("Ctrl-D ends")
    typed.write("Вот ромашка\n")
    typed.wait_for("daisy")
    typed.write("\x04")
    assert typed.end() == 0


def test_input_of_a_pipe_is_not_asked_for(karool, rules):
    for command in "explain", "scan":
        done = karool(command, "-r", rules, "-", stdin="")
        assert "Ctrl-D" not in done.stderr


def test_tail_says_where_it_looks_and_ends_with_an_embedded_broker(
    karool, rules, tmp_path, terminal
):
    (tmp_path / "connectors").symlink_to(karool.source / "config/connectors")
    (tmp_path / "posts.ndjson").write_text('{"id": "1", "text": "Вот ромашка"}\n')
    config = tmp_path / "karool.yaml"
    config.write_text(CONFIG)
    run = terminal("run", "-c", config).wait_for("1 flagged")
    tail = terminal("tail", "-c", config, "--from-beginning")
    tail.wait_for(r"follows test\.karool\.flagged at 127\.0\.0\.1:\d+; Ctrl-C ends")
    tail.wait_for("ромашка")
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 0
    assert tail.end() == 1
    assert "`karool run` has ended, and its embedded broker with it" in tail.seen
