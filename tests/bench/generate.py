#!/usr/bin/env python3
"""Makes what the benchmark reads: an archive of posts and folders of rules.

Everything is made up from syllables with a fixed seed, so that each run on
each machine reads the same bytes. A post has 500 bytes of text, and `raw`
last; two in a hundred hold a term.
"""

import argparse
import json
import pathlib
import random

ONSETS = "б в г д ж з к л м н п р с т ф х ц ч ш ст пр кр тр гр сл вл бр зн".split()
VOWELS = "а е и о у ы я ю ё ө ү э".split()
CODAS = ["", "", "", "н", "л", "р", "т", "к", "м", "с", "й", "ш", "ң", "сть"]
TEXT_BYTES = 500
POST_BYTES = 1900


def word(rng):
    return "".join(
        rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS)
        for _ in range(rng.choice((1, 2, 2, 3, 3, 4)))
    )


def words(rng, count, shortest, taken):
    made = []
    while len(made) < count:
        one = word(rng)
        if len(one) >= shortest and one not in taken:
            taken.add(one)
            made.append(one)
    return made


def text(rng, vocabulary, term):
    parts, size = [], 0
    while size < TEXT_BYTES:
        one = rng.choice(vocabulary)
        if rng.random() < 0.1:
            one = one.capitalize()
        if rng.random() < 0.08:
            one += rng.choice(",.!?")
        parts.append(one)
        size += len(one.encode()) + 1
    if term:
        parts[rng.randrange(len(parts))] = term
    return " ".join(parts)


def post(rng, number, body):
    day = 1 + number % 28
    record = {
        "schema": "karool.post/1",
        "id": f"bench:https://bench.example/users/u{number % 997}/statuses/{number}",
        "version": None,
        "network": "bench",
        "source": "bench-source",
        "kind": "post",
        "url": f"https://bench.example/@u{number % 997}/{number}",
        "author": {"id": f"h1:{number % 997:032x}"},
        "created_at": f"2026-11-{day:02}T10:00:00Z",
        "edited_at": None,
        "fetched_at": f"2026-11-{day:02}T10:00:04Z",
        "lang": "ky",
        "reply_to": None,
        "counts": {"likes": number % 50, "reposts": 0, "comments": 1, "views": None},
        "title": None,
        "text": body,
        "raw": {"account": {"followers": number}, "media": [], "filler": ""},
    }
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    missing = POST_BYTES - len(line.encode())
    record["raw"]["filler"] = "x" * max(0, missing)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def write_rules(folder, terms):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "categories.yaml").write_text(
        "karool: categories/1\ncategories:\n  - id: bench\n"
        "    name: {en: Bench, ky: Bench, ru: Bench}\n"
        "    description: made-up words\n"
    )
    lines = ["id\tterm\tcategory\tseverity\tlang\tmorphology\treview\tgloss\tsource"]
    for number, term in enumerate(terms):
        lines.append(
            f"b-{number:05}\t{term}\tbench\t{1 + number % 5}\tky\texact\tdraft"
            "\tmade up\tgenerate.py"
        )
    (folder / "terms.tsv").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--terms", type=int, nargs="+", default=[1000, 5000])
    options = parser.parse_args()

    rng = random.Random(2026)
    taken = set()
    vocabulary = words(rng, 30_000, 2, taken)
    terms = words(rng, max(options.terms), 5, taken)
    for count in options.terms:
        write_rules(options.folder / f"rules-{count}", terms[:count])
    smallest = min(options.terms)
    with open(options.folder / "posts.ndjson", "w") as out:
        for number in range(options.posts):
            term = rng.choice(terms[:smallest]) if rng.random() < 0.02 else None
            out.write(post(rng, number, text(rng, vocabulary, term)) + "\n")


if __name__ == "__main__":
    main()
