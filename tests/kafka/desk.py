"""One campaign on a real broker: its configuration, its topics, the program.

    desk = Desk(folder, broker.bootstrap)
    desk.make_topics()
    desk.store(posts)                     into karool.posts, as ingest would
    desk.karool("replay", "--from", "1d") runs it to its end
    desk.start("run")                     starts it
    desk.read("flagged")                  records, each valid by its schema
"""

import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import uuid

import records
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from jsonschema import Draft202012Validator

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = {
    path.stem.split("-")[0]: Draft202012Validator(
        json.loads(path.read_text()),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    for path in (SOURCE / "include/schema").glob("*.json")
}
# What the test run said, all of it: searched for secrets at the end.
said = []


def program():
    if "KAROOL" in os.environ:
        return pathlib.Path(os.environ["KAROOL"])
    built = sorted(SOURCE.glob("build/*/karool"), key=lambda path: path.stat().st_mtime)
    if not built:
        raise FileNotFoundError("build karool first: cmake --build build/debug")
    return built[-1]


def stamp(milliseconds):
    time = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def post(number, text, fetched_ms, version=None):
    """A karool.post/1."""
    return {
        "schema": "karool.post/1",
        "id": f"feed:https://news.example/{number}",
        "version": version,
        "network": "feed",
        "source": "news",
        "kind": "article",
        "url": f"https://news.example/{number}",
        "author": {"id": None},
        "created_at": None,
        "edited_at": None,
        "fetched_at": stamp(fetched_ms),
        "lang": None,
        "reply_to": None,
        "counts": {"likes": None, "reposts": None, "comments": None, "views": None},
        "title": None,
        "text": text,
        "raw": {},
    }


class Desk:
    def __init__(self, folder, bootstrap, settings="", campaign=None):
        self.folder = pathlib.Path(folder)
        self.bootstrap = bootstrap
        self.campaign = campaign or "c" + uuid.uuid4().hex[:8]
        self.client = {"bootstrap.servers": bootstrap, "log_level": 0}
        self.environment = {}
        self.program = program()
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "rules").exists():
            shutil.copytree(SOURCE / "tests/data/flowers", self.folder / "rules")
        self.path = self.folder / "karool.yaml"
        self.configure(settings)

    def configure(self, settings):
        self.settings = settings
        self.path.write_text(
            "karool: config/1\n"
            f"campaign: {self.campaign}\n"
            f"brokers: {self.bootstrap}\n"
            "rules: rules\n"
            f"connectors: {SOURCE / 'config/connectors'}\n"
            "state_directory: state\nruntime_directory: state\n" + settings
        )

    def topic(self, name):
        return f"{self.campaign}.karool.{name}"

    def make_topics(self, names=("posts", "flagged"), partitions=3):
        wanted = [NewTopic(self.topic(name), partitions, 1) for name in names]
        admin = AdminClient(self.client)
        for answer in admin.create_topics(wanted).values():
            answer.result(30)

    def store(self, posts, topic="posts", partitions=3):
        """(post or bytes, milliseconds): round the partitions."""
        producer = Producer({**self.client, "enable.idempotence": True})
        for number, (value, fetched_ms) in enumerate(posts):
            bytes_of = value
            if isinstance(value, dict):
                SCHEMAS["post"].validate(value)
                bytes_of = json.dumps(value, ensure_ascii=False).encode()
            producer.produce(
                self.topic(topic),
                bytes_of,
                key=value["id"] if isinstance(value, dict) else None,
                partition=number % partitions,
                timestamp=fetched_ms,
            )
            producer.poll(0)
        assert producer.flush(60) == 0

    def read_raw(self, name):
        return records.read(self.bootstrap, self.topic(name))

    def read(self, name):
        found = self.read_raw(name)
        if name in SCHEMAS or name == "posts":
            for record in found:
                SCHEMAS[name.removesuffix("s")].validate(record.json())
        return found

    def start(self, command, *arguments):
        """What it says goes to files: a pipe that nobody reads stops it."""
        output = [tempfile.TemporaryFile("w+", errors="replace") for _ in range(2)]
        process = subprocess.Popen(
            [self.program, command, "-c", self.path, *map(str, arguments)],
            env={"PATH": "/usr/bin:/bin", **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=output[0],
            stderr=output[1],
        )
        process.output = output
        return process

    def end(self, process, sent=signal.SIGTERM, seconds=30):
        """Its output, after the signal."""
        if sent:
            process.send_signal(sent)
        process.wait(seconds)
        texts = []
        for file in process.output:
            file.seek(0)
            texts.append(file.read())
            file.close()
        said.extend(texts)
        return subprocess.CompletedProcess(process.args, process.returncode, *texts)

    def karool(self, command, *arguments, seconds=120):
        return self.end(self.start(command, *arguments), sent=None, seconds=seconds)
