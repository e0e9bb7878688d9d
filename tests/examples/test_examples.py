"""What the README shows to those who plug in alerting, run as it is shown."""

import contextlib
import http.server
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from broker import jars, wait_until
from desk import post, stamp

HERE = pathlib.Path(__file__).resolve().parent
NOW = int(time.time() * 1000)


class Telegram:
    """Keeps what it was sent; refuses the first of them for a moment."""

    def __init__(self):
        self.sent = []
        self.busy = 1
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                if outer.busy:
                    outer.busy -= 1
                    self.send_response(429)
                    self.send_header("retry-after", "1")
                    self.end_headers()
                    return
                outer.sent.append((self.path, json.loads(body)))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"ok":true}')

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def urls(self):
        return [body["text"].rsplit("\n", 1)[1] for _, body in self.sent]


@pytest.fixture
def telegram():
    fake = Telegram()
    yield fake
    fake.server.shutdown()


class Bot:
    def __init__(self, campaign, telegram, folder):
        self.memory = folder / "alerted.db"
        self.command = [
            sys.executable, HERE / "alert_bot.py",
            "--brokers", campaign.bootstrap, "--campaign", campaign.campaign,
            "--chat", "42", "--memory", self.memory,
            "--telegram", telegram.address,
        ]  # fmt: skip
        self.process = None

    def remembers(self):
        with contextlib.closing(sqlite3.connect(self.memory, timeout=30)) as memory:
            return memory.execute("SELECT count(*) FROM alerted").fetchone()[0]

    def start(self):
        environment = {**os.environ, "TELEGRAM_TOKEN": "123:token"}
        self.process = subprocess.Popen(
            self.command, env=environment, stderr=subprocess.DEVNULL
        )

    def end(self, sent=signal.SIGTERM):
        self.process.send_signal(sent)
        return self.process.wait(30)


def test_kcat_and_grep_choose_by_the_headers(campaign):
    done = subprocess.run(
        [HERE / "alerts.sh", campaign.bootstrap, campaign.campaign]
        + ["-o", "beginning", "-e"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = sorted(line.split("key=")[1] for line in done.stdout.splitlines())
    assert found == ["feed:https://news.example/1", "feed:https://news.example/2"]
    assert "ce_type=org.karool.flagged.v1" in done.stdout


def test_the_bot_alerts_once_for_a_post_and_version(campaign, telegram, tmp_path):
    bot = Bot(campaign, telegram, tmp_path)
    first, second = "https://news.example/1", "https://news.example/2"
    try:
        bot.start()
        wait_until(lambda: len(telegram.sent) == 2, 60, "two alerts")
        # Killed before, it would send the second one once more.
        wait_until(lambda: bot.remembers() == 2, 60, "both are remembered")
        bot.end(signal.SIGKILL)
        # Other rules flag both again, an edit is a new version, and a third
        # post is new.
        terms = campaign.folder / "rules/terms.yaml"
        terms.write_text(terms.read_text().replace("severity: 4", "severity: 3"))
        edited = post(2, "вот тюльпан, исправлено", NOW, version=stamp(NOW))
        campaign.screen([(edited, NOW), (post(5, "тюльпан", NOW), NOW)], 5)
        again = campaign.karool("replay", "--from", "1d", "--output", "karool.flagged")
        assert again.returncode == 0, again.stderr
        bot.start()
        third = "https://news.example/5"
        wait_until(lambda: third in telegram.urls(), 60, "the new post")
        wait_until(lambda: telegram.urls().count(second) == 2, 60, "the edit")
        assert bot.end() == 0
        bot.start()
        campaign.screen([(post(6, "тюльпан", NOW), NOW)], len(campaign.read("flagged")) + 1)
        wait_until(lambda: "https://news.example/6" in telegram.urls(), 60, "the last")
        assert bot.end() == 0
    finally:
        if bot.process.poll() is None:
            bot.process.kill()
    assert sorted(telegram.urls()) == sorted(
        [first, second, second, third, "https://news.example/6"]
    )
    path, body = next(pair for pair in telegram.sent if first in pair[1]["text"])
    assert path == "/bot123:token/sendMessage" and body["chat_id"] == "42"
    for entity in body["entities"]:
        text = body["text"].encode("utf-16-le")
        start, end = entity["offset"], entity["offset"] + entity["length"]
        bold = text[2 * start : 2 * end].decode("utf-16-le")
        assert bold in ("дарит ей тюльпан", "тюльпан")


def test_java_reads_what_is_committed_and_nothing_else(campaign):
    done = subprocess.run(
        ["java", "-cp", f"{jars()}/*", HERE / "Alerts.java"]
        + [campaign.bootstrap, campaign.campaign, "3"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "INFO" not in done.stderr and "auto.offset.reset" not in done.stderr
    found = sorted(line.split()[:3] for line in done.stdout.splitlines())
    assert found == [
        ["2", "flowers", "feed:https://news.example/3"],
        ["4", "flowers", "feed:https://news.example/2"],
        ["5", "flowers,gifts", "feed:https://news.example/1"],
    ]
