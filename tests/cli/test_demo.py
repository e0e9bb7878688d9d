"""The demo, and what the README says of it."""

import json
import re

SILENT = {
    "not-takes-the-rule-away",
    "not-inside-the-kyrgyz-verb",
    "a-report-is-no-call",
    "each-word-alone-is-silent",
    "an-exception",
    "the-term-is-inside-other-words",
    "the-term-begins-other-words",
    "an-ordinary-word-in-latin-letters",
    "clean",
}


def texts(karool, name):
    path = karool.source / "config/demo/texts" / name
    return [json.loads(line) for line in path.read_text().splitlines()]


def flagged(karool, name):
    folder = karool.source / "config/demo"
    done = karool("scan", "-r", folder / "rules", folder / "texts" / name)
    assert done.returncode == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_made_up_sentence_shows_what_it_is_named_for(karool):
    events = flagged(karool, "made-up.ndjson")
    found = {event["post"]["id"] for event in events}
    assert found == {t["id"] for t in texts(karool, "made-up.ndjson")} - SILENT
    through = {d for e in events for m in e["matches"] for d in m["through"]}
    assert len(through) == 8, "each kind of disguise is shown"
    forms = {match["form"] for event in events for match in event["matches"]}
    assert forms == {"exact", "inflected", "disguised"}


def test_a_plain_search_would_find_and_miss_others(karool):
    """What the demo is for: the terms as they stand are too many and too few."""
    terms = ["алма", "балык", "дарбыз", "жүзүм", "кот", "торт", "роза", "тюльпан"]
    by_hand, found = set(), set()
    for name in ("sentences.ndjson", "made-up.ndjson"):
        by_hand |= {
            text["id"]
            for text in texts(karool, name)
            if any(term in text["text"].lower() for term in terms)
        }
        found |= {event["post"]["id"] for event in flagged(karool, name)}
    assert len(by_hand - found) >= 10, "found by mistake"
    assert len(found - by_hand) >= 10, "missed"


def test_the_readme_counts_right(karool):
    readme = (karool.source / "README.md").read_text()
    real = len(texts(karool, "sentences.ndjson"))
    made_up = len(texts(karool, "made-up.ndjson"))
    events = sum(
        len(flagged(karool, name)) for name in ("sentences.ndjson", "made-up.ndjson")
    )
    assert f"{real} real sentences" in readme and f"{made_up} made-up" in readme
    both = real + made_up
    assert f"{both} posts stored, {both} screened, {events} flagged" in readme


def test_the_readme_shows_what_explain_prints(karool):
    readme = (karool.source / "README.md").read_text()
    sentence = re.search(r"^echo '(.*)' \| build/program/karool explain -$", readme, re.M)
    rules = karool.source / "config/demo/rules"
    printed = karool("explain", "-r", rules, "-", stdin=sentence[1] + "\n").stdout
    assert f"```\n{printed}```\n" in readme


def test_the_quick_start_has_its_two_commands_alone(karool):
    readme = (karool.source / "README.md").read_text()
    start = re.search(r"^## Quick start\n(.*?)^## ", readme, re.M | re.S)[1]
    blocks = re.findall(r"^```sh\n(.*?)^```$", start, re.M | re.S)
    assert all(block.count("\n") == 1 for block in blocks)
    assert any("karool run -c config/demo/karool.yaml" in b for b in blocks)
    assert ".ci/run\n" in blocks


def test_the_configurations_of_the_readme_pass_the_check(karool, tmp_path):
    readme = (karool.source / "README.md").read_text()
    [whole, far] = re.findall(r"^```yaml\n(.*?)^```$", readme, re.M | re.S)
    (tmp_path / "rules").symlink_to(karool.source / "config/demo/rules")
    (tmp_path / "connectors").symlink_to(karool.source / "config/connectors")
    path = tmp_path / "karool.yaml"
    secrets = {"mastodon_token": "x" * 20, "kafka_password": "y" * 20}
    path.write_text(whole)
    done = karool("check", "-c", path, **secrets)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    path.write_text(re.sub("^brokers: .*\n", "", whole, flags=re.M) + far)
    done = karool("check", "-c", path, **secrets)
    assert done.returncode == 0 and done.stderr == "", done.stderr


def test_the_readme_names_every_command_and_no_other(karool):
    readme = (karool.source / "README.md").read_text()
    told = set(re.findall(r"^\| `karool ([a-z]+)`", readme, re.M))
    help_text = karool("--help").stdout
    assert told == set(re.findall(r"^  ([a-z]+) +[A-Z]", help_text, re.M))
