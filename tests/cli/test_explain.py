"""karool explain: what a text becomes, and why."""

import json
import os
import re


def test_a_match_is_explained_in_words(karool, rules):
    done = karool("explain", "-r", rules, "Вот", "ромашка!")
    assert done.returncode == 0
    assert re.search(r"^text +Вот ромашка!$", done.stdout, re.M)
    assert re.search(r"^read as +вот ромашка", done.stdout, re.M)
    assert "flagged   severity 2" in done.stdout
    assert "“ромашка” at characters 4 to 11" in done.stdout
    assert "a daisy" in done.stdout


def test_disguised_characters_are_marked_under_the_text(karool, rules):
    done = karool("explain", "-r", rules, "тюльп\u0061н")
    shown = done.stdout.splitlines()
    assert shown[1].endswith("тюльпан")
    assert shown[2].index("^") == shown[0].index("a")
    assert "homoglyph" in done.stdout


def test_what_was_considered_and_passed_is_told(karool, rules):
    done = karool("explain", "-r", rules, "аптечная ромашка")
    assert done.returncode == 0
    assert "not flagged" in done.stdout
    assert "considered" in done.stdout and "t-daisy" in done.stdout


def test_of_the_ways_to_read_a_word_the_best_is_told(karool, rules):
    done = karool("explain", "-r", rules, "--json", "тюл*пан, ***пан, т.ю.л.ь.п.а.н")
    shown = json.loads(done.stdout)
    spans = [(c["entry"], tuple(c["span"])) for c in shown["considered"]]
    assert len(spans) == len(set(spans))
    flagged = {m["text"] for m in shown["matches"]}
    assert {"тюл*пан", "т.ю.л.ь.п.а.н"} <= flagged
    assert len(spans) <= 3


def test_a_place_is_explained_once(karool, rules):
    """Other readings of a word that is flagged or excepted are no news."""
    for text in ("тюльпан", "тюльп\u0061н", "аптечная ромашка"):
        shown = karool("explain", "-r", rules, text).stdout
        lines = [line for line in shown.splitlines() if line.startswith("  t-")]
        assert len(lines) == 1, shown


def test_a_latin_word_is_shown_in_its_own_letters(karool, rules):
    done = karool("explain", "-r", rules, "Na okne tyulpan, да")
    assert re.search(r"^read as +na okne tyulpan  да$", done.stdout, re.M)
    assert "translit" in done.stdout


def test_each_line_of_standard_input_is_a_text(karool, rules):
    done = karool("explain", "-r", rules, "-", stdin="тюльпан\n\nнет\r\n")
    assert done.stdout.count("read as") == 2
    assert "\nnot flagged\n" in done.stdout


def test_json_is_one_object_a_text(karool, rules):
    done = karool("explain", "-r", rules, "--json", "-", stdin="тюльпан\nаптечная ромашка\n")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["matches"][0]["entry"] == "t-tulip"
    assert first["normalised"] == "тюльпан"
    assert len(first["origins"]) == len(first["normalised"])
    assert second["matches"] == []
    assert {c["outcome"] for c in second["considered"]} == {"excepted"}


def test_broken_bytes_are_explained_too(karool, rules):
    done = karool("explain", "-r", rules, "-", stdin=b"\xff\xd1\x82 \xed\xa0\x80\n")
    assert done.returncode == 0
    assert "not UTF-8" in done.stdout


def test_without_rules_the_demo_is_used_and_named(karool):
    done = karool("explain", "слово")
    assert done.returncode == 0
    installed = os.path.exists("/etc/karool/karool.yaml")
    assert installed or "demo" in done.stderr and "-r DIR" in done.stderr


def test_a_very_long_word_takes_no_longer_than_others(karool, rules):
    """Within the time limit of every command here."""
    text = "a" * 1_000_000
    done = karool("explain", "-r", rules, "-", stdin=text + " ромашка\n")
    assert done.returncode == 0
    assert done.stdout.count("a") > 1_000_000 and "flagged" in done.stdout
