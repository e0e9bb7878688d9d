"""karool reload, and SIGHUP, on a daemon that runs."""

import os
import shutil
import signal
import subprocess
import time

import pytest

CONFIG = """\
karool: config/1
campaign: test
brokers: embedded
rules: rules
connectors: connectors
state_directory: state
runtime_directory: run
"""


class Daemon:
    def __init__(self, karool, folder, *arguments, **environment):
        self.karool = karool
        self.folder = folder
        self.config = folder / "karool.yaml"
        self.log = folder / "log"
        if not self.config.exists():
            self.config.write_text(CONFIG)
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [karool.path, "run", "-c", self.config, *arguments],
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={"PATH": "/usr/bin:/bin", **environment},
            )
        self.wait_for(lambda: (folder / "run/control").exists())

    def wait_for(self, holds):
        until = time.monotonic() + 10
        while not holds():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.02)

    def logged(self, text):
        self.wait_for(lambda: text in self.log.read_text())

    def reload(self):
        return self.karool("reload", "-c", self.config)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@pytest.fixture
def daemon(karool, rules, tmp_path):
    source = karool.source / "config/connectors"
    shutil.copytree(source, tmp_path / "connectors")
    started = Daemon(karool, tmp_path)
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()


def edit(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_good_rules_come_in_force(daemon, rules):
    edit(rules / "terms.yaml", "version: '2026-11-23'", "version: 'next'")
    edit(rules / "terms.yaml", "severity: 4", "severity: 3")
    done = daemon.reload()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("generation 2, rules next (sha256:")
    assert done.stdout.endswith("…), 0 sources\n")
    assert daemon.end() == 0
    assert not (daemon.folder / "run/control").exists()


def test_bad_rules_are_told_and_the_daemon_goes_on(daemon, rules):
    edit(rules / "terms.yaml", "severity: 4", "severity: 9")
    done = daemon.reload()
    assert (done.returncode, done.stdout) == (1, "")
    assert "rules/terms.yaml:" in done.stderr
    assert "nothing was changed, generation 1 stays in force" in done.stderr
    assert "rules/terms.yaml:" in daemon.log.read_text()
    edit(rules / "terms.yaml", "severity: 9", "severity: 4")
    assert daemon.reload().returncode == 0
    assert daemon.end() == 0


def test_a_source_comes_and_goes(daemon):
    sources = (
        "sources:\n  - {id: news, connector: feed, "
        "urls: ['https://one.invalid/rss']}\n"
    )
    daemon.config.write_text(CONFIG + sources)
    done = daemon.reload()
    assert "source news is new\n" in done.stdout
    daemon.logged("will ask one.invalid")
    daemon.config.write_text(CONFIG)
    assert "source news is gone\n" in daemon.reload().stdout


def test_hangup_reloads_too(daemon, rules):
    daemon.process.send_signal(signal.SIGHUP)
    daemon.logged("generation 2, rules 2026-11-23")
    edit(rules / "terms.yaml", "severity: 4", "severity: 9")
    daemon.process.send_signal(signal.SIGHUP)
    daemon.logged("generation 2 stays in force")
    assert daemon.end() == 0


def test_roles_of_the_command_line_are_no_change(karool, rules, tmp_path):
    shutil.copytree(karool.source / "config/connectors", tmp_path / "connectors")
    daemon = Daemon(karool, tmp_path, "--role", "screen", "--role", "ingest")
    try:
        done = daemon.reload()
        assert done.returncode == 0
        assert "restart" not in done.stdout
        edit(daemon.config, "campaign: test", "campaign: other")
        done = daemon.reload()
        assert done.stdout.count("needs a restart") == 1
    finally:
        daemon.process.kill()
        daemon.process.wait()


def test_nobody_answers(karool, tmp_path, rules):
    config = tmp_path / "karool.yaml"
    config.write_text(CONFIG)
    shutil.copytree(karool.source / "config/connectors", tmp_path / "connectors")
    done = karool("reload", "-c", config)
    assert done.returncode == 1
    assert f"{tmp_path}/run/control: is karool running?" in done.stderr


def test_its_own_configuration_is_broken(daemon):
    daemon.config.write_text(CONFIG + "sauces: []\n")
    done = daemon.reload()
    assert done.returncode == 2
    assert "karool.yaml:8:1: error:" in done.stderr
    assert "'sources'" in done.stderr


def test_a_second_daemon_runs_without_the_socket(daemon, karool):
    second = subprocess.Popen(
        [karool.path, "run", "-c", daemon.config],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for line in second.stderr:
            if "already runs with this campaign" in line:
                break
        else:
            pytest.fail("it said nothing of the first")
        second.send_signal(signal.SIGHUP)
        for line in second.stderr:
            if "generation 2" in line:
                break
    finally:
        second.send_signal(signal.SIGTERM)
        second.stderr.read()
        assert second.wait(10) == 0
    assert daemon.reload().returncode == 0


def test_systemd_is_told(karool, rules, tmp_path):
    import socket

    shutil.copytree(karool.source / "config/connectors", tmp_path / "connectors")
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(os.fspath(tmp_path / "notify"))
    manager.settimeout(10)
    daemon = Daemon(
        karool, tmp_path, NOTIFY_SOCKET=os.fspath(tmp_path / "notify")
    )
    try:
        assert manager.recv(4096).startswith(b"READY=1\n")
        assert daemon.reload().returncode == 0
        assert manager.recv(4096).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
        assert manager.recv(4096).startswith(b"READY=1\n")
        assert daemon.end() == 0
        assert manager.recv(4096).startswith(b"STOPPING=1\n")
    finally:
        daemon.process.kill()
        manager.close()
