"""What goes wrong when a linguist writes a dictionary: each trap gives one
sentence that says where and what to do, or does nothing at all."""

import json

import pytest

CATEGORIES = "karool: categories/1\ncategories:\n  - {id: fruit}\n"
HEADER = "id\tterm\tcategory\tseverity\tvariants\n"
QUOTES = "put the value in single quotes"


def yaml(term, *more):
    lines = ["karool: rules/1", "terms:", "  - id: t1", f"    term: {term}"]
    lines += ["    category: fruit", "    severity: 2"]
    return "\n".join(lines + ["    " + line for line in more]) + "\n"


def row(term, variants=""):
    return f"{HEADER}t1\t{term}\tfruit\t2\t{variants}\n"


@pytest.fixture
def check(karool, tmp_path):
    """Writes one dictionary file and checks the folder."""
    folder = tmp_path / "rules"

    def run(text, name="words.yaml"):
        folder.mkdir(exist_ok=True)
        (folder / "categories.yaml").write_text(CATEGORIES)
        data = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(data)
        done = karool("check", "-r", folder)
        complaints = [
            line.replace(f"{folder}/", "")
            for line in done.stderr.splitlines()
            if not line.startswith("karool check:")
        ]
        return done.returncode, complaints

    run.folder = folder
    return run


@pytest.mark.parametrize(
    "term, place, advice",
    [
        ("# алма", "3:5", "if it begins with one of #"),
        ("@алма", "4:11", QUOTES),
        ("%алма", "4:11", QUOTES),
        ("`алма", "4:11", QUOTES),
        ("*алма", "4:12", "starts with & or *: " + QUOTES),
        ("&алма", "4:12", "starts with & or *: " + QUOTES),
        ("!алма", "4:12", "starts with !: " + QUOTES),
        ("? алма", "4:11", "starts with ?: " + QUOTES),
        ("| алма", "4:13", "starts with | or >: " + QUOTES),
        ("- алма", "4:11", QUOTES),
        ("алма: кызыл", "4:15", "if the colon belongs to the value, " + QUOTES),
        ("'алма", "4:11", "a quote that is opened here is never closed"),
        ("[алма", "4:11", "the closing ] is missing"),
        ("{алма", "4:11", "the closing } is missing"),
        ("[алма, #алча]", "4:11", "a comma, a #, a bracket"),
        ("[#алма]", "4:11", "a comma, a #, a bracket"),
        ('"а\\лма"', "4:11", "use single quotes"),
        ("'~'", "4:11", "neither letters nor digits"),
    ],
)
def test_a_value_that_yaml_reads_otherwise(check, term, place, advice):
    status, complaints = check(yaml(term))
    assert status == 2
    assert len(complaints) == 1, complaints
    assert complaints[0].startswith(f"words.yaml:{place}: error: ")
    assert advice in complaints[0]
    assert "not YAML" not in complaints[0]


@pytest.mark.parametrize("line", ["\tgloss: x", " gloss: x", "     gloss: x"])
def test_an_indentation_that_does_not_fit(check, line):
    status, complaints = check(yaml("алма") + line + "\n")
    assert status == 2
    assert len(complaints) == 1
    assert complaints[0].startswith("words.yaml:7:")
    assert "indent" in complaints[0]


@pytest.mark.parametrize(
    "word", ["no", "yes", "true", "null", "1488", "0x10", "1.5", "2024-01-01"]
)
def test_a_word_that_yaml_takes_for_something_else_stays_a_word(
    check, karool, word
):
    status, complaints = check(yaml(word))
    assert status == 0
    assert all("of 1,000 words" in text for text in complaints), complaints
    for text, flagged in (f"say {word} again", True), ("say 14 or none", False):
        done = karool("scan", "-r", check.folder, "--input", "text", stdin=text)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert [event["matches"][0]["text"] for event in found] == (
            [word] if flagged else []
        )


@pytest.mark.parametrize(
    "text, name, place, advice",
    [
        (yaml("алма #кызыл"), "a.yaml", "4:11", "is a comment and is not read"),
        (yaml("aлма"), "a.yaml", "4:11", "the 'a' in it is a Latin letter"),
        (row("aлма"), "a.tsv", "2:4", "the 'a' in it is a Latin letter"),
        (yaml("алма*"), "a.yaml", "4:11", "the '*' in 'алма*' counts for noth"),
        (row("*алма"), "a.tsv", "2:4", "'morphology: prefix'"),
        (row("#алма"), "a.tsv", "2:4", "the '#' in '#алма' counts for nothing"),
        (row("@алма"), "a.tsv", "2:4", "the '@' in '@алма' counts for nothing"),
        (row("%алма"), "a.tsv", "2:4", "the '%' in '%алма' counts for nothing"),
        (row("алма", "алча, өрүк"), "a.tsv", "2:17", "divided by | in a table"),
        (yaml("алма", "variants: алча, өрүк"), "a.yaml", "7:15", "comma and all"),
        (yaml("+1"), "a.yaml", "4:11", "a single letter or digit"),
    ],
)
def test_what_is_legal_and_likely_a_mistake(check, text, name, place, advice):
    status, complaints = check(text, name)
    assert status == 0
    assert len(complaints) == 1, complaints
    assert complaints[0].startswith(f"{name}:{place}: warning: ")
    assert advice in complaints[0]


def test_an_example_split_at_its_comma(check):
    status, complaints = check(
        yaml("алма", "examples: {flag: [бул алма, кызыл экен]}")
    )
    assert status == 2
    assert "7:33: warning: 'кызыл экен' looks like the rest" in complaints[0]
    assert "put it in single quotes" in complaints[0]


def test_a_proverb_keeps_its_comma(check, karool):
    assert check(row("жаз келди, гүл ачты", "жаз келди, гүл бүттү"), "a.tsv") == (
        0,
        [],
    )


def test_letters_of_two_alphabets_in_a_key_and_a_category(check):
    status, complaints = check(yaml("алма", "glоss: x"))
    assert status == 2
    assert "did you mean 'gloss'?" in complaints[0]
    assert "mixes alphabets" in complaints[1]
    status, complaints = check(yaml("алма").replace("fruit", "fruіt"))
    assert status == 2
    assert "did you mean 'fruit'?" in complaints[0]
    assert "mixes alphabets" in complaints[1]


@pytest.mark.parametrize(
    "data, name, place, advice",
    [
        (row("алма").encode("cp1251"), "a.tsv", "2:4", "windows-1251?"),
        (row("алма").encode("utf-16"), "a.tsv", "1:1", "not UTF-8 but UTF-16"),
        (yaml("алма").encode("cp1251"), "a.yaml", "4:11", "windows-1251?"),
        (yaml("алма").encode("utf-16"), "a.yaml", "1:1", "UTF-16"),
    ],
)
def test_another_encoding_is_refused_with_advice(
    check, data, name, place, advice
):
    status, complaints = check(data, name)
    assert status == 2
    assert len(complaints) == 1
    assert complaints[0].startswith(f"{name}:{place}: error: not UTF-8")
    assert advice in complaints[0]
    assert "ave " in complaints[0].split(": ", 3)[3]  # "Save as", "save again"


@pytest.mark.parametrize(
    "text, name", [(row("алма"), "a.tsv"), (yaml("алма"), "a.yaml")]
)
def test_a_byte_order_mark_and_crlf_are_fine(check, text, name):
    data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    assert check(data, name) == (0, [])


@pytest.mark.parametrize("divider", [",", ";"])
def test_a_table_with_other_dividers_than_tabs(check, divider):
    status, complaints = check(row("алма").replace("\t", divider), "a.tsv")
    assert status == 2
    assert any("with tabs, not with commas" in line for line in complaints)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.ods", "a.txt"])
def test_a_table_that_nothing_would_read_is_told(check, name):
    check(yaml("алма"))
    status, complaints = check(row("өрүк"), name)
    assert status == 0
    assert len(complaints) == 1
    assert complaints[0].startswith(f"{name}: warning: is not read")
    assert ".tsv" in complaints[0]


def test_a_severity_in_words(check):
    status, complaints = check(row("алма").replace("\t2\t", "\thigh\t"), "a.tsv")
    assert status == 2
    assert complaints == [
        "a.tsv:2:15: error: severity is a digit from 1 (watch) to 5 (call to "
        "violence), not 'high'"
    ]


def test_all_errors_of_all_files_come_at_once(check):
    check(yaml("@алма"))
    status, complaints = check(row("aлма").replace("fruit", "fruits"), "a.tsv")
    assert status == 2
    assert {line.split(": ")[0] for line in complaints} == {
        "a.tsv:2:4",
        "a.tsv:2:9",
        "words.yaml:4:11",
    }
