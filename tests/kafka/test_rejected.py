"""Dead letters: what the screen could not read, and who sees it."""

import base64
import hashlib
import json
import os
import pty
import time

import pytest
from broker import wait_until
from desk import post, program

NOW = int(time.time() * 1000)
DEEP = b'{"text":' + b"[" * 10000 + b"]" * 10000 + b"}"
BAD = [b"no json", b'{"id":"feed:9","title":"x"}', b"", b'\xff\xfe{"text"', DEEP]


@pytest.mark.parametrize("keep", [False, True])
def test_each_bad_record_is_there_with_its_reason_and_place(desk, keep):
    desk.configure("rejected: keep\n" if keep else "")
    desk.make_topics(("posts", "flagged"))
    desk.store([(value, NOW) for value in BAD])
    desk.store([(post(1, "вот ромашка", NOW), NOW)])
    run = desk.start("run", "--role", "screen")
    try:
        wait_until(lambda: len(desk.read("flagged")) == 1, 60, "the good one")
        wait_until(lambda: len(desk.read("rejected")) == len(BAD), 60, "the bad ones")
    finally:
        desk.end(run)
    stored = {
        (record.partition, record.offset): record.value for record in desk.read_raw("posts")
    }
    for record in desk.read("rejected"):
        why = record.json()
        value = stored[why["partition"], why["offset"]]
        assert value in BAD and why["topic"] == desk.topic("posts")
        assert why["stage"] == "screen" and why["size"] == len(value)
        assert why["sha256"] == hashlib.sha256(value).hexdigest()
        assert len(record.value) <= 64 * 1024
        assert ("bytes" in why) is keep
        if keep:
            assert base64.b64decode(why["bytes"]) == value

    tail = desk.karool("tail", "--rejected", "--from-beginning", "-n", str(len(BAD)))
    shown = [json.loads(line) for line in tail.stdout.splitlines()]
    assert sorted(r["sha256"] for r in shown) == sorted(
        hashlib.sha256(value).hexdigest() for value in BAD
    )


def test_a_terminal_sees_them_in_colour(desk):
    desk.make_topics(("posts", "flagged"))
    desk.store([(b"no json", NOW)])
    run = desk.start("run", "--role", "screen")
    try:
        wait_until(lambda: desk.read("rejected"), 60, "the bad one")
    finally:
        desk.end(run)
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.environ.pop("NO_COLOR", None)
        os.execv(
            program(),
            ["karool", "tail", "-c", str(desk.path), "--rejected"]
            + ["--from-beginning", "-n", "1"],
        )
    seen = b""
    try:
        while chunk := os.read(terminal, 4096):
            seen += chunk
    except OSError:
        pass  # its end
    os.close(terminal)
    assert os.waitpid(child, 0)[1] == 0
    assert b"\x1b[33mrejected by screen" in seen
    assert desk.topic("posts").encode() + b"/0/0" in seen
