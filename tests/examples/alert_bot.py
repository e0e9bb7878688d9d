#!/usr/bin/env python3
"""Flagged events to a Telegram chat: one message for each post and version.

    TELEGRAM_TOKEN=... alert_bot.py --brokers 127.0.0.1:9092 --campaign kg-2027 \\
        --chat -1001234567890 --memory /var/lib/alert-bot/alerted.db

Needs confluent-kafka. What was alerted is remembered in a small SQLite file:
other rules flag a post again, under another event id, and that is no news. The
offset is committed after the message was sent: a bot that is killed in between
alerts once more rather than never.
"""

import argparse
import json
import os
import signal
import sqlite3
import sys
import time
import urllib.error
import urllib.request

from confluent_kafka import Consumer, KafkaException

TEXT_MOST = 3500  # a message of Telegram's holds 4096 UTF-16 units


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--campaign", required=True)
    parser.add_argument("--chat", required=True)
    parser.add_argument("--memory", required=True, help="an SQLite file")
    parser.add_argument("--least-severity", type=int, default=3)
    parser.add_argument("--replays", action="store_true", help="alert those too")
    parser.add_argument("--telegram", default="https://api.telegram.org")
    parser.add_argument("--property", action="append", default=[], metavar="NAME=VALUE")
    return parser.parse_args()


class Memory:
    """Which posts, in which version, were alerted."""

    def __init__(self, path):
        self.file = sqlite3.connect(path)
        self.file.execute(
            "CREATE TABLE IF NOT EXISTS alerted"
            " (post TEXT, version TEXT, PRIMARY KEY (post, version))"
        )

    def has(self, post, version):
        found = self.file.execute(
            "SELECT 1 FROM alerted WHERE post = ? AND version = ?", (post, version)
        )
        return found.fetchone() is not None

    def add(self, post, version):
        with self.file:
            self.file.execute(
                "INSERT OR IGNORE INTO alerted VALUES (?, ?)", (post, version)
            )


def units(text):
    """Telegram counts in UTF-16 units, as `utf16` of a match does."""
    return len(text.encode("utf-16-le")) // 2


def message(event):
    """The text, and which parts of it are bold: what was found."""
    post = event["post"]
    head = f"Severity {event['severity']}: {', '.join(event['categories'])}\n"
    text = post["text"][:TEXT_MOST]
    tail = f"\n{post.get('url') or post['id']}"
    bold = [
        {
            "type": "bold",
            "offset": units(head) + match["utf16"][0],
            "length": match["utf16"][1] - match["utf16"][0],
        }
        for match in event["matches"]
        if match["field"] == "text" and match["span"][1] <= len(text)
    ]
    return head + text + tail, bold


def send(options, event):
    text, bold = message(event)
    body = {"chat_id": options.chat, "text": text, "entities": bold}
    token = os.environ["TELEGRAM_TOKEN"]
    request = urllib.request.Request(
        f"{options.telegram}/bot{token}/sendMessage",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    wait = 1
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30):
                return
        except urllib.error.HTTPError as error:
            if error.code != 429 and error.code < 500:
                raise  # it will never take this
            wait = int(error.headers.get("retry-after", wait))
        except (urllib.error.URLError, TimeoutError):
            pass
        time.sleep(wait)
        wait = min(2 * wait, 60)


def wanted(options, headers):
    """By the headers alone: nothing else of most records is looked at."""
    severity = int(headers["severity"])
    return severity >= options.least_severity and (
        options.replays or headers["replay"] == b"false"
    )


def handle(options, memory, record):
    if not wanted(options, dict(record.headers())):
        return
    event = json.loads(record.value())
    post = event["post"]["id"]
    version = event["post"].get("version") or ""
    if memory.has(post, version):
        return
    try:
        send(options, event)
    except urllib.error.HTTPError as error:
        print(f"not alerted: {post}: {error}", file=sys.stderr)
        return
    memory.add(post, version)


def main():
    options = arguments()
    memory = Memory(options.memory)
    consumer = Consumer(
        {
            "bootstrap.servers": options.brokers,
            "group.id": f"{options.campaign}-alert-bot",
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            # One that was killed is missed after ten seconds, not 45.
            "session.timeout.ms": 10000,
            **dict(pair.split("=", 1) for pair in options.property),
        }
    )
    consumer.subscribe([f"{options.campaign}.karool.flagged"])
    ending = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.append(True))
    while not ending:
        record = consumer.poll(0.5)
        if record is None:
            continue
        if record.error():
            if record.error().fatal():
                raise KafkaException(record.error())
            continue  # it tries again by itself
        handle(options, memory, record)
        consumer.commit(record, asynchronous=False)
    consumer.close()


if __name__ == "__main__":
    main()
