"""karool run, as far as it goes without a network."""

import signal
import subprocess

CONFIG = """\
karool: config/1
campaign: test
brokers: embedded
rules: rules
connectors: connectors
state_directory: state
runtime_directory: state
sources:
  - id: news
    connector: feed
    urls: [https://one.invalid/rss, https://two.invalid/rss, https://one.invalid/b]
  - id: fediverse
    connector: mastodon
    instance: https://three.invalid
    tags: [gardens]
"""


def run(karool, tmp_path, *arguments):
    """Its first two lines; Ctrl-C ends it with 0."""
    source = karool.source / "config/connectors"
    if not (tmp_path / "connectors").exists():
        (tmp_path / "connectors").symlink_to(source)
    (tmp_path / "karool.yaml").write_text(CONFIG)
    process = subprocess.Popen(
        [karool.path, "run", "-c", tmp_path / "karool.yaml", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    lines = [process.stderr.readline() for _ in range(2)]
    process.send_signal(signal.SIGINT)
    process.stderr.read()
    assert process.wait(10) == 0
    return lines


def test_every_host_is_named_once_before_it_is_asked(karool, rules, tmp_path):
    lines = run(karool, tmp_path)
    assert lines[0].endswith(
        "karool: will ask one.invalid, two.invalid, three.invalid\n"
    )
    assert "embedded broker at 127.0.0.1:" in lines[1]


def test_offline_asks_nobody(karool, rules, tmp_path):
    lines = run(karool, tmp_path, "--offline")
    assert "offline: no source that needs a network" in lines[0]
    assert "embedded broker at 127.0.0.1:" in lines[1]
