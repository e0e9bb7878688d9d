"""The embedded broker, read from outside."""

import json
import os
import subprocess

import archives
from topics import Topics, check_once


def test_kcat_shows_events_with_cloudevents_headers_and_keys(daemon, tmp_path):
    path = tmp_path / "posts.ndjson"
    texts = ["вот ромашка", "просто текст"]
    archives.write_posts(path, ({"id": t[:3], "text": t} for t in texts))
    karool = daemon(sources=[archives.source(path)]).start()
    topics = Topics(karool.bootstrap)
    topics.wait_for_flagged(1)
    done = subprocess.run(
        ["kcat", "-b", karool.bootstrap, "-C", "-t", topics.name("flagged"), "-e"]
        + ["-q", "-J"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    (event,) = map(json.loads, done.stdout.splitlines())
    headers = dict(zip(event["headers"][::2], event["headers"][1::2]))
    assert event["key"] == headers["ce_subject"] == "archive:вот"
    assert headers["ce_type"] == "org.karool.flagged.v1"
    assert headers["severity"] == "2"
    assert topics.check_all()["posts"] == 2


def listening_ports(pid):
    """(address, port) of a process, from the kernel's own tables."""
    sockets = set()
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            sockets.add(os.readlink(f"/proc/{pid}/fd/{fd}"))
        except FileNotFoundError:
            continue
    found = []
    for table in ("tcp", "tcp6"):
        with open(f"/proc/{pid}/net/{table}") as lines:
            for line in list(lines)[1:]:
                fields = line.split()
                if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                    address, port = fields[1].split(":")
                    found.append((table, address, int(port, 16)))
    return found


def test_it_listens_on_loopback_only(daemon):
    karool = daemon().start()
    port = int(karool.bootstrap.rsplit(":", 1)[1])
    found = listening_ports(karool.process.pid)
    assert ("tcp", "0100007F", port) in found
    for table, address, _ in found:
        assert (table, address) == ("tcp", "0100007F")


def test_it_says_once_that_nothing_survives_and_anyone_can_read(daemon):
    karool = daemon().start()
    karool.logged("embedded broker at")
    karool.stop()
    (line,) = karool.lines_with("survives")
    assert karool.lines_with("any user of this machine can read it") == [line]


def test_an_archive_larger_than_the_broker_keeps_is_screened_whole(
    daemon, tmp_path
):
    """About 60 MB through partitions that each forget beyond 5 MB: every
    post is screened, and every event is read by a client that keeps up."""
    count, flagged_every = 60_000, 100
    path = tmp_path / "posts.ndjson"
    filler = "бетон кирпич дорога мост " * 20
    archives.write_posts(path, archives.numbered(count, flagged_every, 0, filler))
    karool = daemon(
        sources=[archives.source(path)], kafka={"partitions": 2}
    ).start()
    topics = Topics(karool.bootstrap)
    events = topics.wait_for_flagged(count // flagged_every, seconds=120)
    karool.stop()
    wanted = {f"archive:{n}" for n in range(0, count, flagged_every)}
    assert {event["post"]["id"] for event in events} == wanted
    check_once([event["post"] for event in events])
    (line,) = karool.lines_with("posts stored")
    assert f"{count} posts stored, {count} screened" in line
    assert f"{count // flagged_every} flagged, 0 rejected" in line
