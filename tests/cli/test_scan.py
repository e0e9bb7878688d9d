"""karool scan: files in, events out."""

import csv
import gzip
import io
import json
import random
import re

import pytest


def lines(*posts):
    return "".join(json.dumps(post, ensure_ascii=False) + "\n" for post in posts)


def events(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_event_says_what_where_and_why(karool, rules):
    text = "😀 Вот тюльпан"
    post = {"id": "x:1", "url": "u", "text": text, "raw": {"secret": 1}}
    done = karool("scan", "-r", rules, stdin=lines(post))
    assert done.returncode == 0
    [event] = events(done)
    assert event["schema"] == "karool.flagged/1"
    assert event["severity"] == 4 and event["categories"] == ["flowers"]
    assert event["post"] == {"id": "x:1", "url": "u", "text": text}
    assert event["engine"].startswith("karool ")
    assert event["rules"]["version"] == "2026-11-23"
    [match] = event["matches"]
    assert event["matches_total"] == 1
    assert match["entry"] == "t-tulip" and match["kind"] == "term"
    assert match["form"] == "exact" and match["through"] == []
    assert match["text"] == "тюльпан"
    start, end = match["span"]
    assert text[start:end] == match["text"]
    start, end = match["bytes"]
    assert text.encode()[start:end].decode() == match["text"]
    start, end = match["utf16"]
    assert text.encode("utf-16-le")[2 * start : 2 * end].decode(
        "utf-16-le"
    ) == match["text"]


def test_an_event_id_depends_on_post_version_and_rules_alone(karool, rules):
    def scan(post):
        return events(karool("scan", "-r", rules, stdin=lines(post)))[0]

    first = scan({"id": "1", "text": "тюльпан"})
    assert scan({"id": "1", "text": "тюльпан", "likes": 1})["id"] == first["id"]
    assert scan({"id": "2", "text": "тюльпан"})["id"] != first["id"]
    assert scan({"id": "1", "version": "a", "text": "тюльпан"})["id"] != first["id"]
    (rules / "more.yaml").write_text(
        "karool: rules/1\nterms:\n  - {id: t-rose, term: 'роза', severity: 1, "
        "category: flowers, lang: ru, morphology: exact, gloss: a rose}\n"
    )
    assert scan({"id": "1", "text": "тюльпан"})["id"] != first["id"]


def test_copies_of_one_text_share_a_fingerprint(karool, rules):
    posts = [
        {"id": "1", "text": "Жёлтый тюльпан"},
        {"id": "2", "text": "жёлтый ТЮЛЬПАН"},
        {"id": "3", "text": "жёлтый тюльпан и роза"},
    ]
    prints = [e["fingerprint"] for e in events(karool("scan", "-r", rules, stdin=lines(*posts)))]
    assert prints[0] == prints[1] != prints[2]


def test_a_post_without_an_id_is_named_by_its_line(karool, rules, tmp_path):
    data = "\n" + lines({"text": "нет"}, {"text": "тюльпан"}, {"id": None, "text": "тюльпан"})
    done = karool("scan", "-r", rules, stdin=data)
    assert [e["post"]["id"] for e in events(done)] == ["3", "4"]
    one, two = tmp_path / "one.ndjson", tmp_path / "two.ndjson"
    one.write_text(data)
    two.write_text(data)
    done = karool("scan", "-r", rules, one, two)
    assert [e["post"]["id"] for e in events(done)] == [
        f"{one}:3", f"{one}:4", f"{two}:3", f"{two}:4",
    ]


def test_bad_lines_are_named_counted_and_do_not_stop_the_scan(karool, rules):
    bad = ["{", "[]", '{"id":"1"}', '{"text":5}', "<html>", '{"text":"' + "[" * 3 + "\\"]
    deep = '{"x":' + "[" * 10_000 + "]" * 10_000 + ',"text":"тюльпан"}'
    data = "\n".join([*bad, deep, '{"text":"тюльпан"}'])
    done = karool("scan", "-r", rules, stdin=data)
    assert done.returncode == 1
    assert len(events(done)) == 1
    named = [line for line in done.stderr.splitlines() if line.startswith("standard input:")]
    assert [int(line.split(":")[1]) for line in named] == [1, 2, 3, 4, 5, 6, 7]
    assert "8 posts" in done.stderr and "7 bad" in done.stderr
    assert "nested" in named[6]


def test_only_the_first_bad_lines_are_named(karool, rules):
    done = karool("scan", "-r", rules, stdin="x\n" * 1000)
    assert done.returncode == 1
    assert done.stderr.count("standard input:") == 20
    assert "1000 bad" in done.stderr


def test_a_huge_line_is_passed_over(karool, rules):
    data = '{"text":"' + "я" * 6_000_000 + '"}\n' + lines({"text": "тюльпан"})
    done = karool("scan", "-r", rules, stdin=data)
    assert done.returncode == 1
    assert "standard input:1: larger than 10 MB" in done.stderr
    assert [e["post"]["id"] for e in events(done)] == ["2"]


def test_damaged_text_is_repaired_and_screened(karool, rules):
    data = b'{"text":"\xff\xd1\x82\\ud83d\\u0000 \xd1\x82\xd1\x8e\xd0\xbb\xd1\x8c\xd0\xbf\xd0\xb0\xd0\xbd"}\n'
    [event] = events(karool("scan", "-r", rules, stdin=data))
    assert event["post"]["repaired"] is True
    assert event["post"]["text"].startswith("\ufffdт\ufffd\ufffd ")


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16"])
def test_another_encoding_is_not_passed_over_in_silence(karool, rules, encoding):
    data = "тюльпан и роза\nэто ель\n".encode(encoding)
    done = karool("scan", "-r", rules, "--input", "text", stdin=data)
    assert done.returncode == 0 and done.stdout == ""
    assert re.search(r"^[23] posts held what is not UTF-8", done.stderr)
    assert "iconv -f windows-1251" in done.stderr
    table = "text\nтюльпан\n" if encoding == "utf-16" else "текст\nтюльпан\n"
    done = karool("scan", "-r", rules, "--input", "csv", stdin=table.encode(encoding))
    assert done.returncode == 2
    assert "standard input:1: not UTF-8" in done.stderr


def test_input_of_another_format_is_told_of(karool, rules):
    advice = "--input csv reads CSV"
    for data in "id,text\n1,тюльпан\n", "тюльпан\n", '[{"text":"тюльпан"}]\n':
        done = karool("scan", "-r", rules, stdin=data)
        assert done.returncode == 1 and advice in done.stderr
    for data in "", lines({"text": "тюльпан"}) + "x\n":
        assert advice not in karool("scan", "-r", rules, stdin=data).stderr


def test_output_order_is_input_order_on_any_number_of_threads(karool, rules, tmp_path):
    rng = random.Random(7)
    path = tmp_path / "many.ndjson"
    wanted = []
    with open(path, "w") as out:
        for number in range(20_000):
            hit = rng.random() < 0.2
            filler = "слово " * rng.randrange(60)
            text = filler + ("тюльпан" if hit else "")
            out.write(lines({"id": str(number), "text": text}))
            if hit:
                wanted.append(str(number))
    outputs = []
    for threads in (1, 2, 7):
        done = karool("scan", "-r", rules, "--threads", threads, path)
        assert [e["post"]["id"] for e in events(done)] == wanted
        outputs.append([{**e, "flagged_at": 0} for e in events(done)])
    assert outputs[0] == outputs[1] == outputs[2]


def test_text_input_is_a_post_a_line(karool, rules):
    data = '\ufeffтюльпан\r\n\n  "тюльпан"\tи\\n\nнет'
    found = events(karool("scan", "-r", rules, "--input", "text", stdin=data))
    assert [e["post"]["text"] for e in found] == ["тюльпан", '  "тюльпан"\tи\\n']
    assert [e["post"]["id"] for e in found] == ["1", "3"]


def test_csv_input_takes_its_columns_by_name(karool, rules):
    data = 'Ид;ID;Text;lang;author\n0;a;"много\nстрок; ""тюльпан""";ru;bob\n0;b;нет;;\n0;;тюльпан;;\n'
    done = karool("scan", "-r", rules, "--input", "csv", stdin=data)
    assert done.returncode == 0
    first, second = events(done)
    assert first["post"] == {
        "id": "a", "text": 'много\nстрок; "тюльпан"', "lang": "ru", "author": {"id": "bob"},
    }
    assert second["post"]["id"] == "5"


@pytest.mark.parametrize("cell, bad", [('5" тюльпан', 0), ('"тюльпан', 1)])
def test_a_stray_quote_in_csv_costs_at_most_its_row(karool, rules, cell, bad):
    rest = "x,тюльпан и ещё несколько слов\n" * 230_000  # over 10 MB
    done = karool("scan", "-r", rules, "-i", "csv", stdin=f"id,text\n1,{cell}\n{rest}")
    assert done.returncode == bad
    assert len(events(done)) == 230_001 - bad
    assert ("standard input:2:" in done.stderr) == bool(bad)


def test_csv_without_a_text_column_is_an_error(karool, rules):
    done = karool("scan", "-r", rules, "--input", "csv", stdin="a,b\n1,2\n")
    assert done.returncode == 2
    assert 'no column is named "text"' in done.stderr


def test_csv_with_two_text_columns_is_an_error(karool, rules):
    done = karool("scan", "-r", rules, "-i", "csv", stdin="id,text,Text \n1,тюльпан,\n")
    assert done.returncode == 2
    assert 'two columns are named "Text "' in done.stderr


@pytest.mark.parametrize(
    "record, flagged",
    [
        ('{"id":"1","text":"роза","text":"тюльпан"}', True),
        ('{"id":"1","text":"тюльпан","text":"роза"}', False),
        ('{"id":"1","text":"роза","raw":{"a":"}"},"text":"тюльпан"}', True),
        ('{"id":"1","text":"роза","raw":[],"title":"тюльпан"}', True),
        ('{"id":"1","text":"роза","raw":{"text":"тюльпан"}}', False),
        ('{"id":"1","text":"роза","t\\u0065xt":"тюльпан"}', True),
    ],
)
def test_of_two_texts_the_last_is_screened_as_python_reads_it(
    karool, rules, record, flagged
):
    # In a row, because a shape that is known is read in another way.
    done = karool("scan", "-r", rules, stdin=(record + "\n") * 3)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(events) == (3 if flagged else 0)
    post = json.loads(record)
    for event in events:
        assert event["post"]["text"] == post["text"]
        (match,) = event["matches"]
        assert match["text"] == "тюльпан" in post[match["field"]]


def test_csv_output_is_safe_in_a_spreadsheet(karool, rules):
    text = '=HYPERLINK("http://x") тюльпан, ромашка'
    post = {"id": "-1", "url": "@u", "text": text}
    done = karool("scan", "-r", rules, "--output", "csv", stdin=lines(post))
    assert done.stdout.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(done.stdout[1:], newline="")))
    assert [row["entry"] for row in rows] == ["t-tulip", "t-daisy"]
    assert rows[0]["post"] == "'-1" and rows[0]["url"] == "'@u"
    assert rows[0]["text"] == "'" + text
    assert text[int(rows[0]["start"]) : int(rows[0]["end"])] == rows[0]["found"]


def test_summary_counts_posts_and_matches(karool, rules):
    posts = [{"text": "тюльпан"}, {"text": "тюльпан ромашка"}, {"text": "нет"}]
    done = karool("scan", "-r", rules, "--output", "summary", stdin=lines(*posts))
    table = {tuple(line.split()[:-1]): line.split()[-1] for line in done.stdout.splitlines()}
    assert table[("all",)] == "3"
    assert table[("severity", "4")] == "2"
    assert table[("category", "flowers")] == "2"
    assert table[("entry", "t-tulip")] == "2"
    assert table[("entry", "t-daisy")] == "1"


def test_gzip_is_read_as_it_is(karool, rules, tmp_path):
    path = tmp_path / "posts.ndjson.gz"
    path.write_bytes(gzip.compress(lines(*[{"text": "тюльпан"}] * 50_000).encode()))
    done = karool("scan", "-r", rules, path)
    assert done.returncode == 0
    assert len(events(done)) == 50_000
    path.write_bytes(path.read_bytes()[:-100])
    done = karool("scan", "-r", rules, path)
    assert done.returncode == 1
    assert str(path) in done.stderr and "ends in the middle" in done.stderr
    # What was there is screened.
    assert 1000 < len(events(done)) < 50_000
    assert f"{len(events(done))} flagged" in done.stderr


def test_files_that_cannot_be_read_are_all_named_before_anything_is_done(karool, rules, tmp_path):
    done = karool("scan", "-r", rules, tmp_path / "none", tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert "none does not exist" in done.stderr and "is a folder" in done.stderr


def test_broken_rules_are_a_usage_error(karool, rules):
    (rules / "terms.yaml").write_text("karool: rules/1\nterms:\n  - {id: x, trem: a}\n")
    done = karool("scan", "-r", rules, stdin=lines({"text": "a"}))
    assert done.returncode == 2 and done.stdout == ""
    assert "terms.yaml:3:" in done.stderr


@pytest.mark.parametrize("data", ["", "\n\n", "{}"])
def test_little_input_is_no_trouble(karool, rules, data):
    done = karool("scan", "-r", rules, stdin=data)
    assert done.returncode == (1 if data == "{}" else 0)
    assert done.stdout == ""
