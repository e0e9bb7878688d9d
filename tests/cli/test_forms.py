"""karool explain --forms: what a term expands to."""

import json
import re

GRAMMAR = """karool: grammar/1
id: flowers
kind: chain
vowels:
  а о: {А: а}
consonants:
  а о: {Л: л}
  з н: {Л: д}
slots:
  noun: {end: '', ЛАр: finish}
  finish: {end: ''}
grammars: {xx-noun: noun}
"""


def test_forms_are_grouped_by_what_they_say(karool):
    done = karool("explain", "--forms", "--morphology", "ky-verb", "үз")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("үз  ky-verb, ")
    groups = dict(
        re.findall(r"^([a-z, ]+?) +\d[^\n]*\n((?:    [^\n]+\n)+)", done.stdout, re.M)
    )
    assert "үзгүн" in groups["call"]
    assert "үзбө" in groups["call, negative"]
    assert "үзсүн" in groups["wish"]
    assert "үздү" in groups["report"]
    assert "үзөт" in groups["plain"]
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_forms_are_json_for_programs(karool):
    done = karool("explain", "--forms", "-m", "ky-noun", "--json", "кызыл", "гүл")
    shown = json.loads(done.stdout)
    assert shown["term"] == "кызыл гүл" and shown["morphology"] == "ky-noun"
    (group,) = shown["groups"]
    assert (group["kind"], group["negative"]) == ("plain", False)
    assert {"кызыл гүл", "кызыл гүлү", "кызыл гүлгө"} <= set(group["shortest"])
    assert group["count"] > len(group["shortest"]) == 100


def test_a_word_without_grammar_has_one_form(karool, rules):
    done = karool("explain", "-r", rules, "--forms", "тюльпан")
    assert done.returncode == 0
    assert "exact, 1 form" in done.stdout


def test_an_entry_is_found_by_its_id(karool, rules):
    done = karool("explain", "-r", rules, "--forms", "--json", "t-tulip")
    shown = json.loads(done.stdout)
    assert shown["entry"] == "t-tulip" and shown["term"] == "тюльпан"


def test_what_is_no_entry_and_no_grammar_is_told(karool, rules):
    done = karool("explain", "-r", rules, "--forms", "нарцисс")
    assert done.returncode == 2
    assert "--morphology" in done.stderr and done.stdout == ""
    done = karool("explain", "--forms", "-m", "ky-nuon", "гүл")
    assert done.returncode == 2
    assert "ky-noun" in done.stderr


def test_a_folder_of_rules_brings_its_own_grammars(karool, rules):
    (rules / "morphology").mkdir()
    (rules / "morphology" / "flowers.yaml").write_text(GRAMMAR)
    done = karool("explain", "-r", rules, "--forms", "-m", "xx-noun", "роза")
    assert done.returncode == 0, done.stderr
    assert "роза, розалар" in done.stdout
    assert karool("check", "-r", rules).returncode == 0


def test_a_file_replaces_the_grammars_of_its_id(karool, rules):
    (rules / "morphology").mkdir()
    own = GRAMMAR.replace("id: flowers", "id: ky").replace("xx-noun", "ky-noun")
    (rules / "morphology" / "ky.yaml").write_text(own)
    done = karool("explain", "-r", rules, "--forms", "-m", "ky-noun", "роза")
    assert "ky-noun, 2 forms" in done.stdout
    done = karool("explain", "-r", rules, "--forms", "-m", "ky-verb", "үз")
    assert done.returncode == 2


def test_a_grammar_with_errors_stops_the_rules_with_its_places(karool, rules):
    (rules / "morphology").mkdir()
    broken = GRAMMAR.replace("ЛАр: finish", "ЛАр: finsh, (а: finish")
    (rules / "morphology" / "x.yaml").write_text(broken)
    done = karool("check", "-r", rules)
    assert done.returncode == 2
    assert "morphology/x.yaml:10:" in done.stderr
    assert "did you mean 'finish'?" in done.stderr
    assert "'(а'" in done.stderr
