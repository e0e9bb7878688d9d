"""karool replay on a real Kafka."""

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import time
from collections import Counter

import pytest
import records
from broker import wait_until
from desk import SCHEMAS, post, program, stamp

HOUR = 3600 * 1000
NOW = int(time.time() * 1000)


def stored(count, every=10, first=0, begin_ms=NOW - 3 * HOUR, step_ms=1000):
    """Posts a step apart; each `every`-th names a flower."""
    for number in range(first, first + count):
        flower = "вот ромашка" if number % every == 0 else "вот трава"
        at = begin_ms + (number - first) * step_ms
        yield post(number, f"{flower} {number}", at), at


def numbers(events):
    """Post numbers, each as often as it was flagged."""
    return Counter(int(event["post"]["id"].rsplit("/", 1)[1]) for event in events)


def keys(desk):
    return {record.key for record in desk.read("flagged")}


def lines(done):
    events = [json.loads(line) for line in done.stdout.splitlines()]
    for event in events:
        SCHEMAS["flagged"].validate(event)
    return events


def test_prints_each_event_marked_as_a_replay(desk):
    desk.make_topics()
    desk.store(stored(300))
    done = desk.karool("replay", "--from", "1d")
    assert done.returncode == 0, done.stderr
    events = lines(done)
    assert numbers(events) == dict.fromkeys(range(0, 300, 10), 1)
    assert all(event["replay"] for event in events)
    assert "300 posts" in done.stderr and "30 flagged" in done.stderr
    assert desk.read("flagged") == []


@pytest.mark.parametrize("form", ["rfc3339", "offset", "age"])
def test_takes_the_posts_between_two_times(desk, form):
    desk.make_topics()
    begin = (NOW // 1000 - 40000) * 1000
    desk.store(stored(200, every=1, begin_ms=begin, step_ms=100 * 1000))
    first, last = begin + 50 * 100 * 1000, begin + 120 * 100 * 1000
    times = {
        "rfc3339": (stamp(first), stamp(last)),
        "offset": (
            stamp(first + 6 * HOUR).replace("Z", "+06:00"),
            stamp(last + 6 * HOUR).replace("Z", "+06:00"),
        ),
        # half a step of time for the program to start
        "age": (
            f"{(int(time.time() * 1000) - first + 50 * 1000) // 1000}s",
            f"{(int(time.time() * 1000) - last + 50 * 1000) // 1000}s",
        ),
    }[form]
    done = desk.karool("replay", "--from", times[0], "--to", times[1])
    assert done.returncode == 0, done.stderr
    assert numbers(lines(done)) == dict.fromkeys(range(50, 120), 1)


def test_each_posts_own_time_counts_where_times_do_not_rise(desk):
    desk.make_topics()
    begin = NOW - 10 * HOUR
    mixed = list(stored(120, every=1, begin_ms=begin, step_ms=60 * 1000))
    desk.store(mixed[60:] + mixed[:60])
    times = [stamp(begin + minutes * 60 * 1000) for minutes in (30, 90)]
    done = desk.karool("replay", "--from", times[0], "--to", times[1])
    assert numbers(lines(done)) == dict.fromkeys(range(30, 90), 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--from is missing"),
        (["--from", "yesterday"], "'yesterday' is no time"),
        (["--from", "2999-01-01"], "has not come yet"),
        (["--from", "1h", "--to", "2h"], "is not after"),
        (["--from", "1h", "--output", "karool.posts"], "other records"),
    ],
)
def test_a_wrong_question_is_refused(desk, arguments, said):
    done = desk.karool("replay", *arguments)
    assert done.returncode == 2 and said in done.stderr, done.stderr


def test_a_topic_of_posts_that_is_not_there_is_named(desk):
    done = desk.karool("replay", "--from", "1h")
    assert done.returncode == 1
    assert f"no topic {desk.topic('posts')}" in done.stderr


def test_an_embedded_broker_keeps_nothing_to_replay(desk):
    desk.bootstrap = "embedded"
    desk.configure("")
    done = desk.karool("replay", "--from", "1h")
    assert done.returncode == 2 and "embedded" in done.stderr


def test_what_arrives_meanwhile_is_not_replayed(desk):
    """The end is fixed at the start: posts that come without end do not keep
    it from ending."""
    desk.make_topics()
    desk.store(stored(20000, every=100, begin_ms=NOW - HOUR, step_ms=1))
    process = desk.start("replay", "--from", "1d")
    first = 20000
    while process.poll() is None:
        desk.store(stored(300, every=1, first=first, begin_ms=NOW, step_ms=0))
        first += 300
        assert first < 10**6, "it does not end"
        if first > 26000:
            break
    done = desk.end(process, sent=None)
    assert done.returncode == 0, done.stderr
    found = numbers(lines(done))
    assert set(range(0, 20000, 100)) <= set(found)
    assert max(found.values()) == 1


def test_into_a_topic_each_event_once_with_its_headers(desk):
    desk.make_topics()
    desk.store(stored(100))
    done = desk.karool("replay", "--from", "1d", "--output", desk.topic("again"))
    assert done.returncode == 0, done.stderr
    found = desk.read("again")
    for record in found:
        event = record.json()
        SCHEMAS["flagged"].validate(event)
        assert event["replay"] is True
        assert record.headers["replay"] == b"true"
        assert record.headers["ce_id"].decode() == event["id"]
        assert record.headers["ce_type"] == b"org.karool.flagged.v1"
        assert record.headers["severity"] == b"2"
        assert record.headers["categories"] == b"flowers"
        assert record.key.decode() == event["post"]["id"]
        number = int(event["post"]["id"].rsplit("/", 1)[1])
        assert record.partition == number % 3
    assert numbers(r.json() for r in found) == dict.fromkeys(range(0, 100, 10), 1)
    assert desk.read("flagged") == []


def test_again_into_the_same_topic_adds_nothing(desk):
    desk.make_topics()
    desk.store(stored(100))
    for asked in ("1d", "2d", "1d"):
        done = desk.karool("replay", "--from", asked, "--output", desk.topic("again"))
        assert done.returncode == 0, done.stderr
    assert "10 stood there already" in done.stderr
    assert len(desk.read("again")) == 10


def test_other_rules_make_other_events(desk):
    desk.make_topics()
    desk.store(stored(100))
    again = ["replay", "--from", "1d", "--output", desk.topic("again")]
    assert desk.karool(*again).returncode == 0
    terms = desk.folder / "rules/terms.yaml"
    terms.write_text(terms.read_text().replace("severity: 2", "severity: 3"))
    assert desk.karool(*again).returncode == 0
    found = [record.json() for record in desk.read("again")]
    assert numbers(found) == dict.fromkeys(range(0, 100, 10), 2)
    assert Counter(event["severity"] for event in found) == {2: 10, 3: 10}
    assert len({event["id"] for event in found}) == 20


def test_a_post_stored_twice_is_flagged_once_and_an_edit_again(desk):
    desk.make_topics()
    twin = post(1, "вот ромашка", NOW - HOUR)
    edit = post(1, "вот ромашка, исправлено", NOW, version=stamp(NOW))
    desk.store([(twin, NOW - HOUR), (twin, NOW - HOUR), (edit, NOW)])
    done = desk.karool("replay", "--from", "1d")
    versions = [event["post"]["version"] for event in lines(done)]
    assert sorted(versions, key=str) == [stamp(NOW), None]


def test_what_cannot_be_read_is_counted_and_does_not_stop_it(desk):
    desk.make_topics()
    bad = [(b"no json", NOW), (b'{"id":"x"}', NOW), (b"", NOW)]
    desk.store([*bad, *stored(10, every=1)])
    done = desk.karool("replay", "--from", "1d")
    assert done.returncode == 0, done.stderr
    assert len(lines(done)) == 10
    assert "3 could not be read" in done.stderr


def test_the_running_screen_and_a_replay_into_its_topic_flag_once(desk):
    """While posts arrive, are screened and are replayed."""
    desk.make_topics()
    desk.store(stored(3000, begin_ms=NOW - HOUR, step_ms=1))
    run = desk.start("run", "--role", "screen")
    try:
        wait_until(lambda: len(desk.read("flagged")) == 300, 60, "first events")
        desk.store(stored(3000, first=3000, begin_ms=NOW, step_ms=0))
        again = desk.karool("replay", "--from", "1d", "--output", "karool.flagged")
        assert again.returncode == 0, again.stderr
        wait_until(lambda: len(keys(desk)) == 600, 60, "the other events")
    finally:
        ended = desk.end(run)
    assert ended.returncode == 0, ended.stderr
    found = [record.json() for record in desk.read("flagged")]
    assert numbers(found) == dict.fromkeys(range(0, 6000, 10), 1)
    assert not any(event["replay"] for event in found)


def reach(desk, process, size):
    """Waits until so much stands in the output; false: it has ended."""
    wait_until(
        lambda: process.poll() is not None
        or records.size(desk.bootstrap, desk.topic("again")) >= size,
        60,
        f"{size} records",
    )
    return process.poll() is None


def again(desk, since="1d"):
    return desk.start("replay", "--from", since, "--output", desk.topic("again"))


# Every post is flagged, so that it takes many transactions.
MANY = 30000


@pytest.mark.parametrize("asked", ["1d", "date"])
def test_killed_in_the_middle_it_goes_on_and_each_event_is_there_once(desk, asked):
    desk.make_topics()
    desk.store(stored(MANY, every=1, begin_ms=NOW - 20 * HOUR))
    since = asked if asked == "1d" else stamp(NOW - 30 * HOUR)
    kills = resumed = 0
    for size in (1000, MANY // 3, 2 * MANY // 3, 2 * MANY):
        process = again(desk, since)
        if reach(desk, process, size):
            process.kill()
            kills += 1
        done = desk.end(process, sent=None)
        resumed += "goes on where it was interrupted" in done.stderr
    assert done.returncode == 0, done.stderr
    assert kills and resumed, done.stderr
    found = [record.json() for record in desk.read_raw("again")]
    assert numbers(found) == dict.fromkeys(range(MANY), 1)
    assert all(event["replay"] for event in found)


def test_a_terminal_shows_how_far_it_is(desk):
    desk.make_topics()
    desk.store(stored(MANY, every=1, begin_ms=NOW - 20 * HOUR))
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        [program(), "replay", "-c", desk.path, "--from", "1d"]
        + ["--output", desk.topic("again")],
        env={"PATH": "/usr/bin:/bin", "TERM": "xterm"},
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    seen = b""
    with contextlib.suppress(OSError):  # its end
        while chunk := os.read(screen, 4096):
            seen += chunk
    os.close(screen)
    assert process.wait(60) == 0, seen
    assert re.search(rb"\r\d+ %, \d+ posts, \d+/s, \d+ flagged, \d+ s left", seen), seen
    assert f"{MANY} posts".encode() in seen.splitlines()[-1]


def test_interrupted_it_says_so_and_goes_on(desk):
    desk.make_topics()
    desk.store(stored(MANY, every=1, begin_ms=NOW - 20 * HOUR))
    process = again(desk)
    assert reach(desk, process, 1000)
    done = desk.end(process, sent=signal.SIGINT)
    assert done.returncode == 1 and "the same command goes on" in done.stderr
    done = desk.end(again(desk), sent=None, seconds=120)
    assert done.returncode == 0, done.stderr
    assert "goes on where it was interrupted" in done.stderr
    found = numbers(record.json() for record in desk.read_raw("again"))
    assert found == dict.fromkeys(range(MANY), 1)


def test_two_at_once_into_one_topic_write_each_event_once(desk):
    desk.make_topics()
    desk.store(stored(MANY, every=1, begin_ms=NOW - 20 * HOUR))
    first = again(desk)
    reach(desk, first, 1000)
    second = desk.end(again(desk, "2d"), sent=None, seconds=120)
    first = desk.end(first, sent=None, seconds=120)
    assert 0 in (first.returncode, second.returncode)
    for done in (first, second):
        assert done.returncode == 0 or "has taken over" in done.stderr, done.stderr
    found = numbers(record.json() for record in desk.read_raw("again"))
    assert found == dict.fromkeys(range(MANY), 1)


def test_a_broker_that_dies_under_it_costs_nothing(desk, broker):
    desk.make_topics()
    desk.store(stored(MANY, every=1, begin_ms=NOW - 20 * HOUR))
    process = again(desk)
    reach(desk, process, 1000)
    broker.restart()
    done = desk.end(process, sent=None, seconds=180)
    assert done.returncode == 0, done.stderr
    found = numbers(record.json() for record in desk.read_raw("again"))
    assert found == dict.fromkeys(range(MANY), 1)
