"""What stands in the committed topics, against what was published.

Read by an independent client, read_committed; nothing here is Karool's code.
"""

import collections
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kafka"))

import records  # noqa: E402
from network import number_of  # noqa: E402


class Findings(list):
    """Sentences that say what is wrong; empty when all is well."""

    def compare(self, what, expected, found):
        lost = expected - set(found)
        alien = set(found) - expected
        twice = {one: n for one, n in found.items() if n > 1}
        for word, wrong in (("lost", lost), ("unknown", alien), ("twice", twice)):
            if wrong:
                some = sorted(map(str, wrong))[:5]
                self.append(f"{len(wrong)} {what} {word}, such as {some}")


def posts_of(read):
    posts = [record.json() for record in read]
    return collections.Counter(
        (post["source"], post["id"], post["version"]) for post in posts
    )


def events_of(read):
    events = [record.json() for record in read]
    return collections.Counter(
        (event["post"]["id"], event["post"]["version"], event["rules"]["digest"])
        for event in events
        if not event["replay"]
    )


def cursors_move_on(read, findings):
    """Committed cursors never go back."""
    last = {}
    for record in read:
        if record.value is None or b"#" in record.key:
            continue
        state = json.loads(record.value)
        where = (number_of(state["cursor"] or "0"), state["walk"], state["settled"])
        before = last.get(record.key)
        if before and where[0] < before[0]:
            findings.append(f"{record.key} went back from {before} to {where}")
        last[record.key] = where
    return last


class Ledger:
    def __init__(self, bootstrap, network, campaign="chaos"):
        self.bootstrap = bootstrap
        self.network = network
        self.campaign = campaign

    def topic(self, name):
        # A campaign's name stands before a topic's.
        known = records.topics(self.bootstrap)
        ends = [topic for topic in known if topic.endswith("karool." + name)]
        return ends[0] if ends else "karool." + name

    def read(self, name):
        return records.read(self.bootstrap, self.topic(name))

    def findings(self, replayed=()):
        """All that is wrong at this moment."""
        findings = Findings()
        published = self.network.ledger()
        posts, events = posts_of(self.read("posts")), events_of(self.read("flagged"))
        findings.compare(
            "posts", {(p.source, p.id, p.version) for p in published}, posts
        )
        digests = {digest for _, _, digest in events}
        expected = {
            (p.id, p.version, digest)
            for p in published
            if p.flagged
            for digest in digests or {"none"}
        }
        findings.compare("events", expected, events)
        if len(digests) > 1:
            findings.append(f"{len(digests)} digests of one dictionary")
        cursors_move_on(self.read("cursors"), findings)
        rejected = self.read("rejected")
        if rejected:
            findings.append(f"{len(rejected)} rejected: {rejected[0].value}")
        return findings

    def wait_complete(self, seconds):
        """Until nothing is missing; then nothing may come any more."""
        until = time.monotonic() + seconds
        expected_posts = len({(p.source, p.id) for p in self.network.ledger()})
        expected_events = len({p.id for p in self.network.ledger() if p.flagged})
        while True:
            posts = len(posts_of(self.read("posts")))
            events = len(events_of(self.read("flagged")))
            if posts >= expected_posts and events >= expected_events:
                break
            if time.monotonic() > until:
                break
            time.sleep(1)
        time.sleep(3)
        return self.findings()
