#!/usr/bin/env python3
"""Makes what the benchmarks read: an archive of posts and folders of rules.

Words are made up from syllables with a fixed seed, so that each run on each
machine reads the same bytes; they have the lengths, endings and frequencies of
Kyrgyz and Russian (a few words make up most of a text, most words are rare),
and the commonest ones are real. A post has 1.9 KB: 500 bytes of text, and a
`raw` at its end that compresses no better than what networks send. Two in a
hundred hold a term.

The same terms come as folders of rules in several ways: `exact` words, and
`inflected`, half Kyrgyz and half Russian nouns with all their forms; each of
them with all disguises and, `-bare`, with none; and as terms-COUNT.txt, one a
line, for the programs that Karool is measured against.
"""

import argparse
import itertools
import json
import pathlib
import random

ONSETS = "б в г д ж з к л м н п р с т ф х ц ч ш ст пр кр тр гр сл вл бр зн".split()
VOWELS = "а а а о о е е и и у ы я ю ё ө ү э".split()
CODAS = ["", "", "", "н", "л", "р", "т", "к", "м", "с", "й", "ш", "ң", "сть"]
ENDINGS = """а е и о у ы ой ый ая ие ов ам ами ах ть ет ит ла ли ся ны ного лар лер
    дын нын га да дан ды ган ып ат бы туу лык чы""".split()
COMMON = """и в не на что с как это по но из у за от к же для так бы мы они он она
    жана бул менен үчүн да бир деп эле болгон анын эмес бар жок кандай ошол биз сиз
    мен ал алар кийин азыр дагы""".split()
TEXT_BYTES = 500
POST_BYTES = 1900
VOCABULARY = 40_000
WAYS = {"exact": ("exact", "exact"), "inflected": ("ky-noun", "ru-noun")}


def word(rng):
    stem = "".join(
        rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS)
        for _ in range(rng.choice((1, 1, 2, 2, 2, 3)))
    )
    return stem + rng.choice(ENDINGS) if rng.random() < 0.7 else stem


def words(rng, count, shortest, taken, last=""):
    """`count` words that were not taken, which end in one of `last`."""
    made = []
    while len(made) < count:
        one = word(rng)
        if len(one) < shortest or one in taken or (last and one[-1] not in last):
            continue
        taken.add(one)
        made.append(one)
    return made


def dictionary(rng, count, taken):
    """(language, lemma): nouns, Kyrgyz and Russian by turns."""
    consonants = "клмнрст"
    russian = words(rng, count // 2, 5, taken, consonants + "а")
    kyrgyz = words(rng, count - len(russian), 5, taken, consonants + "а")
    pairs = itertools.zip_longest(
        (("ky", one) for one in kyrgyz), (("ru", one) for one in russian)
    )
    return [one for pair in pairs for one in pair if one]


def text(rng, vocabulary, weights, term):
    chosen = iter(rng.choices(vocabulary, cum_weights=weights, k=120))
    parts, size = [], 0
    while size < TEXT_BYTES:
        one = next(chosen)
        chance = rng.random()
        if chance < 0.08:
            one += ",.!?"[rng.randrange(4)]
        elif chance < 0.16:
            one = one.capitalize()
        elif chance < 0.17:
            one = f"{rng.randrange(2100)}"
        elif chance < 0.175:
            one = "«" + one + "»"
        elif chance < 0.18:
            one = "—"
        parts.append(one)
        size += len(one.encode()) + 1
    if term:
        parts[rng.randrange(len(parts))] = term
    return " ".join(parts)


def raw(rng, number):
    media = f"{rng.getrandbits(96):024x}"
    return {
        "account": {"followers": number % 5000, "avatar": f"https://cdn.example/{rng.getrandbits(64):x}.jpg"},
        "media": [{"id": media, "url": f"https://cdn.example/{media}.jpg", "width": 1080}],
        "filler": "",
    }


def post(rng, number, body):
    day = 1 + number % 28
    seconds = f"T{number % 24:02}:{number % 60:02}"
    title = "гүл базары" if number % 10 == 0 else None
    user = rng.randrange(5000)
    record = {
        "schema": "karool.post/1",
        "id": f"bench:https://bench.example/users/u{user}/statuses/{113000000000000000 + number * 7919}",
        "version": f"2026-11-{day:02}{seconds}:09Z" if number % 20 == 0 else None,
        "network": "bench",
        "source": "bench-source",
        "kind": "comment" if number % 3 else "post",
        "url": f"https://bench.example/@u{user}/{number}",
        "author": {"id": f"h1:{rng.getrandbits(128):032x}"},
        "created_at": f"2026-11-{day:02}{seconds}:00Z",
        "edited_at": f"2026-11-{day:02}{seconds}:09Z" if number % 20 == 0 else None,
        "fetched_at": f"2026-11-{day:02}{seconds}:14Z",
        "lang": rng.choice(("ky", "ru", None)),
        "reply_to": f"bench:{number - 1}" if number % 3 == 1 else None,
        "counts": {"likes": rng.randrange(500), "reposts": rng.randrange(9), "comments": 1, "views": None},
        "title": title,
        "text": body,
        "raw": raw(rng, number),
    }
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    missing = max(0, POST_BYTES - len(line.encode()))
    # Half of it repeats itself, as names of members do.
    half = f"{rng.getrandbits(4 * (missing // 2 + 1)):x}"[: missing // 2]
    record["raw"]["filler"] = half + "attachment" * missing
    record["raw"]["filler"] = record["raw"]["filler"][:missing]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def write_rules(folder, terms, way, disguises):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "categories.yaml").write_text(
        "karool: categories/1\ncategories:\n  - id: bench\n"
        "    name: {en: Bench, ky: Bench, ru: Bench}\n"
        "    description: made-up words\n"
    )
    lines = ["id\tterm\tcategory\tseverity\tlang\tmorphology\tdisguises\treview\tgloss\tsource"]
    for number, (lang, term) in enumerate(terms):
        morphology = WAYS[way][lang == "ru"]
        lines.append(
            f"b-{number:05}\t{term}\tbench\t{1 + number % 5}\t{lang}\t{morphology}\t{disguises}\tdraft"
            "\tmade up\tgenerate.py"
        )
    (folder / "terms.tsv").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--terms", type=int, nargs="+", default=[1000, 5000, 20000])
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)

    rng = random.Random(2026)
    taken = set(COMMON)
    vocabulary = COMMON + words(rng, VOCABULARY, 2, taken)
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    terms = dictionary(rng, max(options.terms), taken)
    for count in options.terms:
        for way in WAYS:
            folder = options.folder / f"rules-{way}-{count}"
            write_rules(folder, terms[:count], way, "")
            write_rules(folder.with_name(folder.name + "-bare"), terms[:count], way, "none")
        lines = "".join(term + "\n" for _, term in terms[:count])
        (options.folder / f"terms-{count}.txt").write_text(lines)
    smallest = min(options.terms)
    with open(options.folder / "posts.ndjson", "w") as out:
        for number in range(options.posts):
            term = rng.choice(terms[:smallest])[1] if rng.random() < 0.02 else None
            out.write(post(rng, number, text(rng, vocabulary, weights, term)) + "\n")


if __name__ == "__main__":
    main()
