"""karool test and karool check."""

import re


def category(rules):
    text = (rules / "categories.yaml").read_text()
    return re.search(r"id: *([a-z-]+)", text).group(1)


def test_examples_that_behave_are_counted(karool, rules):
    done = karool("test", "-r", rules)
    assert done.returncode == 0
    assert done.stdout == "5 passed, 0 failed\n"
    assert karool("test", "-r", rules, "-v").stdout.count("ok t-daisy") == 3


def test_an_example_that_fails_is_shown_with_its_place(karool, rules):
    terms = rules / "terms.yaml"
    terms.write_text(terms.read_text().replace("вот ромашка", "вот роза"))
    done = karool("test", "-r", rules)
    assert done.returncode == 1
    assert f"{terms}:12:" in done.stdout
    assert "FAILED t-daisy" in done.stdout
    assert "вот роза" in done.stdout
    assert done.stdout.endswith("4 passed, 1 failed\n")


def test_broken_rules_are_not_tested(karool, rules):
    (rules / "bad.yaml").write_text("karool: rules/1\nterms: [{id: a b}]\n")
    done = karool("test", "-r", rules)
    assert done.returncode == 2 and done.stdout == ""
    assert "bad.yaml:2:" in done.stderr


def test_check_sums_up_what_it_read(karool, rules):
    done = karool("check", "-r", rules)
    assert done.returncode == 0
    assert "3 terms, 1 rules, 2 categories, 5 examples passed" in done.stdout
    assert "version 2026-11-23, sha256:" in done.stdout


def test_check_says_all_errors_at_once(karool, rules, tmp_path):
    terms = rules / "terms.yaml"
    terms.write_text(terms.read_text().replace("severity: 4", "severity: 9"))
    config = tmp_path / "karool.yaml"
    config.write_text("karool: config/1\ncampain: x\nrules: rules\n")
    done = karool("check", "-c", config)
    assert done.returncode == 2
    assert f"{config}:2:1" in done.stderr and "campaign" in done.stderr
    assert "terms.yaml:" in done.stderr


def test_check_refuses_an_empty_folder_of_rules(karool, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = karool("check", "-r", empty)
    assert done.returncode == 2
    assert "empty" in done.stderr


def test_an_example_that_fails_fails_the_check(karool, rules):
    terms = rules / "terms.yaml"
    terms.write_text(terms.read_text().replace("вот ромашка", "вот роза"))
    done = karool("check", "-r", rules)
    assert done.returncode == 2
    assert "terms.yaml:12:" in done.stderr


def test_check_says_what_cannot_be_meant(karool, rules):
    (rules / "more.tsv").write_text(
        "id\tterm\tvariants\texcept\tcategory\tseverity\trole\tmorphology\n"
        f"m1\tпион\tпиончик\tпионер\t{category(rules)}\t1\tbud\tru-noun\n"
        f"m2\tпионы\t…\t\t{category(rules)}\t1\tbud\t\n"
        "m3\tбелый куст\t\t\t\t\tbush\t\n"
    )
    (rules / "more.yaml").write_text(
        "karool: rules/1\n"
        "rules:\n"
        f"  - id: narrow\n    category: {category(rules)}\n    severity: 1\n"
        "    within: 1\n"
        "    when: [{role: bush}, {role: bush}, {role: bush}]\n"
    )
    done = karool("check", "-r", rules)
    assert done.returncode == 2
    assert "more.tsv:3:10: error: '…' has neither letters" in done.stderr
    assert "more.yaml:6:13: error: at least 2 words stand" in done.stderr
    for path in rules / "more.tsv", rules / "more.yaml":
        text = path.read_text()
        path.write_text(text.replace("…", "").replace("in: 1", "in: 2"))
    done = karool("check", "-r", rules)
    assert done.returncode == 0, done.stderr
    assert "more.tsv:2:17: warning: the exception 'пионер' never" in done.stderr
    assert "more.tsv:3:4: warning: 'пионы' is a form of 'пион'" in done.stderr


def test_the_starter_dictionary_holds_nothing_that_cannot_be_meant(karool):
    done = karool("check", "-r", karool.source / "rules")
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if "common" not in line]
    assert told == []


def test_what_costs_too_much_is_refused_by_every_command(karool, rules):
    (rules / "more.tsv").write_text(
        "id\tterm\tmorphology\tcategory\tseverity\n"
        f"m1\tпо\tprefix\t{category(rules)}\t1\n"
    )
    for command in "check", "scan", "test":
        done = karool(command, "-r", rules)
        assert done.returncode == 2, command
        assert "more.tsv:2:4: error: 'по' (m1) would flag " in done.stderr
