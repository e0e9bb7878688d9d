"""What all commands have in common."""

import os
import pathlib
import pty
import re
import subprocess

import pytest

INSTALLED = pathlib.Path("/etc/karool/karool.yaml")


def commands(karool):
    listed = re.findall(r"^  ([a-z]+) +\S", karool("--help").stdout, re.M)
    assert {"check", "scan", "explain", "test"} <= set(listed)
    return listed


def test_help_lists_every_command_and_goes_to_stdout(karool):
    done = karool("--help")
    assert done.returncode == 0 and done.stderr == ""
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert commands(karool)


def test_each_command_has_its_help(karool):
    for name in commands(karool):
        done = karool(name, "--help")
        assert done.returncode == 0, name
        assert done.stdout.startswith(f"Usage: karool {name}")
        assert "Exit status:" in done.stdout
        assert karool("help", name).stdout == done.stdout
        assert all(len(line) <= 80 for line in done.stdout.splitlines()), name


def test_version_names_the_libraries(karool):
    done = karool("--version")
    assert done.returncode == 0
    assert re.match(r"karool \d+\.\d+\.\d+\n", done.stdout)
    for library in (
        "librdkafka",
        "libhs",
        "libcurl",
        "yajl",
        "libyaml",
        "libxml2",
        "ICU",
        "OpenSSL",
        "zlib",
        "libsystemd",
    ):
        assert re.search(rf"^{library} \d", done.stdout, re.M)


def test_no_command_is_a_usage_error_with_the_help_on_stderr(karool):
    done = karool()
    assert done.returncode == 2
    assert done.stdout == "" and "Commands:" in done.stderr


@pytest.mark.parametrize(
    "arguments, advice",
    [
        (["scann"], 'did you mean "scan"?'),
        (["xyzzy"], "`karool --help` lists them"),
        (["scan", "--ouput", "csv"], "did you mean --output?"),
        (["scan", "--output", "xml"], 'not "xml"'),
        (["scan", "--threads", "0"], "--threads is a whole number"),
        (["explain"], "usage: karool explain"),
        (["test", "surplus"], '"surplus" is too much'),
        (["scan", "--rules"], "--rules DIR"),
    ],
)
def test_usage_errors_say_what_to_type(karool, arguments, advice):
    done = karool(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert advice in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    ["run", "check", "poll x", "tail", "replay --from 1d", "reload"],
)
def test_a_configuration_that_is_not_there(karool, tmp_path, command):
    named = tmp_path / "none.yaml"
    done = karool(*command.split(), "-c", named)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(f"{named}: error: cannot open it: No such")
    assert "-c FILE" not in done.stderr
    if not INSTALLED.exists():
        done = karool(*command.split())
        assert done.returncode == 2 and done.stdout == ""
        assert f"{INSTALLED}: error: cannot open it" in done.stderr
        assert done.stderr.endswith("; -c FILE names another one\n")


def test_a_folder_that_is_not_there_is_said_to_have_a_key(karool, tmp_path):
    path = tmp_path / "karool.yaml"
    path.write_text("karool: config/1\ncampaign: x\nbrokers: embedded\n")
    done = karool("check", "-c", path)
    assert done.returncode == 2
    assert f"{tmp_path}/connectors: error: cannot read" in done.stderr
    assert "the key 'connectors' names another" in done.stderr
    (tmp_path / "connectors").mkdir()
    done = karool("check", "-c", path)
    assert done.returncode == 2
    assert f"{tmp_path}/rules: error: cannot read" in done.stderr
    assert "-r DIR or the key 'rules' names another" in done.stderr


ARCHIVE = """\
karool: config/1
campaign: x
brokers: embedded
rules: rules
connectors: {connectors}
sources:
  - id: old
    connector: archive
    files: [there.ndjson, 'гүл/2026.csv', .]
  - {{id: new, connector: archive, follow: 'true', files: later.ndjson}}
"""


def test_check_warns_of_files_that_are_not_there(karool, rules, tmp_path):
    path = tmp_path / "karool.yaml"
    path.write_text(
        ARCHIVE.format(connectors=karool.source / "config/connectors")
    )
    (tmp_path / "there.ndjson").touch()
    done = karool("check", "-c", path)
    assert done.returncode == 0, done.stderr
    once = "its posts come once it is there"
    assert done.stderr.splitlines() == [
        f"{path}:9:27: warning: there is no file '{tmp_path}/гүл/2026.csv': {once}",
        f"{path}:9:43: warning: '{tmp_path}/.' is a folder: name the files in it",
        f"{path}:10:58: warning: there is no file '{tmp_path}/later.ndjson': {once}",
    ]


def run_on_terminal(karool, *arguments, **environment):
    """What a person would see: stdout and stderr are a terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [karool.path, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        env={"PATH": "/usr/bin:/bin", "TERM": "xterm", **environment},
    )
    os.close(follower)
    seen = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(leader)
    process.wait(timeout=60)
    return seen.decode()


def test_colour_only_on_a_terminal_and_never_under_no_color(karool, rules):
    arguments = ("explain", "-r", rules, "тюльпан")
    assert "\033[" in run_on_terminal(karool, *arguments)
    assert "\033[" not in run_on_terminal(karool, *arguments, NO_COLOR="1")
    assert "\033[" not in run_on_terminal(karool, *arguments, TERM="dumb")
    assert "\033[" not in karool(*arguments).stdout


def test_a_text_cannot_steer_the_terminal(karool, rules):
    hostile = "тюльпан \033[31m \u202e \x07 \u009b2J"
    done = karool("explain", "-r", rules, "-", stdin=hostile)
    assert done.returncode == 0
    for forbidden in "\033\u202e\x07\u009b":
        assert forbidden not in done.stdout


def test_a_reader_that_leaves_ends_the_program_quietly(karool, rules):
    process = subprocess.Popen(
        [karool.path, "scan", "-r", rules],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin"},
    )
    process.stdout.close()
    line = '{"text":"тюльпан"}\n'.encode()
    try:
        for _ in range(2000):
            process.stdin.write(line * 100)
            process.stdin.flush()
    except BrokenPipeError:
        pass
    try:
        process.stdin.close()
    except BrokenPipeError:
        pass
    assert process.wait(timeout=30) == 0
    assert process.stderr.read() == b""


def test_a_full_disk_is_an_error(karool, rules):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [karool.path, "explain", "-r", rules, "тюльпан"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert done.returncode == 1
    assert b"No space left" in done.stderr
