"""Karool's topics, read from outside and checked against its schemas."""

import json
import pathlib
from collections import Counter

from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from kafka import records
from waiting import wait_until

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "include/schema"
NAMES = {
    "posts": "post",
    "flagged": "flagged",
    "cursors": "cursor",
    "rejected": "rejected",
    "verdicts": "verdict",
}


def validator(name):
    from referencing import Registry, Resource

    registry = Registry().with_resources(
        (contents["$id"], Resource.from_contents(contents))
        for contents in map(
            json.loads, (path.read_text() for path in SCHEMAS.glob("*.json"))
        )
    )
    schema = json.loads((SCHEMAS / f"{name}-1.json").read_text())
    assert validator_for(schema) is Draft202012Validator
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(
        schema,
        registry=registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


VALIDATORS = {topic: validator(name) for topic, name in NAMES.items()}


def refuse_constant(word):
    raise ValueError(f"{word} is not JSON")


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"a member stands twice: {names}"
    return dict(pairs)


def strict_json(data):
    """As RFC 8259 has it: UTF-8, no NaN, and no member twice."""
    return json.loads(
        data.decode("utf-8", "strict"),
        parse_constant=refuse_constant,
        object_pairs_hook=no_duplicates,
    )


def check_record(record):
    """The value, valid by the schema of its topic."""
    value = strict_json(record.value)
    VALIDATORS[record.topic.rsplit(".", 1)[1]].validate(value)
    return value


def check_event(record, campaign):
    """CloudEvents 1.0, binary mode; key, slices and numbers that agree."""
    event = check_record(record)
    headers = {name: value.decode() for name, value in record.headers.items()}
    post = event["post"]
    assert record.key.decode() == post["id"]
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_id"] == event["id"]
    assert headers["ce_type"] == "org.karool.flagged.v1"
    assert headers["ce_source"] == f"/karool/{campaign}"
    assert headers["ce_subject"] == post["id"]
    assert headers["ce_time"] == event["flagged_at"]
    assert headers["ce_dataschema"].endswith("flagged-1")
    assert headers["content-type"].startswith("application/json")
    assert headers["severity"] == str(event["severity"])
    assert headers["categories"].split(",") == event["categories"]
    assert headers["replay"] == "false"
    assert "raw" not in post
    for match in event["matches"]:
        for part in [match, *match["parts"]]:
            check_slices(part, post[match["field"]])
    assert event["severity"] == max(m["severity"] for m in event["matches"])
    return event


def check_slices(part, text):
    begin, end = part["span"]
    assert text[begin:end] == part["text"]
    begin, end = part["utf16"]
    wide = text.encode("utf-16-le", "surrogatepass")
    assert wide[2 * begin : 2 * end].decode("utf-16-le") == part["text"]
    begin, end = part["bytes"]
    assert text.encode()[begin:end].decode() == part["text"]


class Topics:
    """All that is committed at a broker, read afresh at each call."""

    def __init__(self, bootstrap, campaign="test", committed=True):
        self.bootstrap = bootstrap
        self.campaign = campaign
        self.committed = committed

    def name(self, topic):
        return f"{self.campaign}.karool.{topic}"

    def partitions(self):
        known = records.topics(self.bootstrap)
        return {name: known[self.name(name)] for name in NAMES}

    def records(self, topic):
        return records.read(self.bootstrap, self.name(topic), self.committed)

    def posts(self, source=None, check=True):
        read = check_record if check else records.Record.json
        found = [read(record) for record in self.records("posts")]
        return [p for p in found if source in (None, p["source"])]

    def flagged(self):
        return [
            check_event(record, self.campaign)
            for record in self.records("flagged")
        ]

    def rejected(self):
        return [check_record(r) for r in self.records("rejected")]

    def wait_for_posts(self, count, source=None, seconds=60):
        def enough():
            return len(self.posts(source, check=False)) >= count

        wait_until(
            enough,
            seconds,
            lambda: f"{count} posts; there are {len(self.posts(source))}",
            pause=0.2,
        )
        return self.posts(source)

    def wait_for_flagged(self, count, seconds=60):
        wait_until(
            lambda: len(self.records("flagged")) >= count,
            seconds,
            lambda: f"{count} events; there are {len(self.flagged())}",
            pause=0.2,
        )
        return self.flagged()

    def check_all(self):
        """Every record of every topic; how many there are of each."""
        counts = {}
        for topic in NAMES:
            found = self.records(topic)
            counts[topic] = len(found)
            for record in found:
                if record.value is None:
                    assert topic in ("cursors", "verdicts")
                elif topic == "flagged":
                    check_event(record, self.campaign)
                else:
                    check_record(record)
        return counts

    def everything(self):
        """All bytes that outsiders can read, keys and headers too."""
        parts = []
        for topic in NAMES:
            for record in self.records(topic):
                parts += [record.key or b"", record.value or b""]
                parts += [value or b"" for value in record.headers.values()]
        return b"\n".join(parts)


def check_once(records):
    """No (id, version) twice."""
    seen = [(post["id"], post["version"]) for post in records]
    twice = [one for one, often in Counter(seen).items() if often > 1]
    assert not twice, f"{len(twice)} twice: {twice[:5]}"
