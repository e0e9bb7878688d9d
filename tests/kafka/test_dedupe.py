"""A post that comes again is flagged once: also after a restart of the screen."""

import signal
import time
from collections import Counter

import pytest
from broker import wait_until
from desk import post, program

NOW = int(time.time() * 1000)


def flagged(desk):
    return Counter(
        (event["post"]["id"], event["post"]["version"])
        for event in (record.json() for record in desk.read("flagged"))
    )


def screen_until(desk, number, sent=signal.SIGTERM):
    """Stores a last post, screens up to it, and ends the screen as told."""
    last = post(number, "вот ромашка", NOW)
    desk.store([(last, NOW)], partitions=1)
    run = desk.start("run", "--role", "screen")
    try:
        wait_until(
            lambda: (last["id"], None) in flagged(desk), 60, f"post {number} is flagged"
        )
    finally:
        done = desk.end(run, sent)
    return done.stderr


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_the_same_post_and_version_after_a_restart_is_one_event(desk, sent):
    desk.make_topics(partitions=1)
    again = [post(n, f"вот тюльпан {n}", NOW, version="1") for n in range(50)]
    desk.store([(one, NOW) for one in again], partitions=1)
    screen_until(desk, 1000, sent)
    assert len(flagged(desk)) == 51
    # Another source, or another run of the same one, brings them again, some
    # in another version.
    edited = [{**one, "version": "2"} for one in again[:10]]
    for round_number in range(2):
        desk.store([(one, NOW) for one in again + edited], partitions=1)
        said = screen_until(desk, 1001 + round_number, sent)
        if sent == signal.SIGTERM:
            assert "screened" in said
    counts = flagged(desk)
    assert set(counts.values()) == {1}
    assert len(counts) == 50 + 10 + 3


def test_beyond_the_window_a_post_is_flagged_again(desk):
    """What is promised, and no more. The window ends with the last event."""
    desk.configure("dedupe: {window: 1s}\n")
    desk.make_topics(partitions=1)
    one = post(1, "вот тюльпан", NOW, version="1")
    desk.store([(one, NOW)], partitions=1)
    screen_until(desk, 1000)
    time.sleep(2)
    screen_until(desk, 1001)
    desk.store([(one, NOW)], partitions=1)
    screen_until(desk, 1002)
    assert flagged(desk)[one["id"], "1"] == 2


DAY = 86400


def test_a_clock_that_is_days_ahead_flags_nothing_twice(desk, tmp_path):
    """That of a machine whose battery is empty, or whose owner mistyped."""
    clock = tmp_path / "clock"
    desk.make_topics(partitions=1)
    again = [post(n, f"вот тюльпан {n}", NOW, version="1") for n in range(20)]
    desk.store([(one, NOW) for one in again], partitions=1)
    screen_until(desk, 1000)
    assert len(flagged(desk)) == 21
    clock.write_text(f"{3 * DAY * 1000}")
    desk.environment = {"KAROOL_MOVED_CLOCK": str(clock)}
    desk.program = program().parent / "tests/moved_clock"
    desk.store([(one, NOW) for one in again], partitions=1)
    screen_until(desk, 1001)
    assert set(flagged(desk).values()) == {1}
    assert len(flagged(desk)) == 22
