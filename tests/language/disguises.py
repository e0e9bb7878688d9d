#!/usr/bin/env python3
"""How many disguised words are found, and how often ordinary text is taken for
one: prints two tables, and fails below the floors.

Each of the eight disguises is put on inflected forms at random, in the ways in
which people do it, in a sentence around; then two at once. What is found must
be the entry of that word, at exactly its place. The forms are those of
disguised_forms.tsv, or of lists in the same shape: lemma, pos, surface.
"""

import argparse
import collections
import itertools
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unicodedata

HERE = pathlib.Path(__file__).parent
GRAMMARS = {"n": "noun", "adj": "adj", "v": "verb"}
VOWELS = set("аеёиоуыэюяөү")

# What each disguise must reach, a little under what it does.
FLOORS = {
    "homoglyph": 0.99,
    "keyboard": 0.98,
    "translit": 0.99,
    "leet": 0.985,
    "repeat": 0.99,
    "spacing": 0.97,
    "mask": 0.975,
    "invisible": 0.99,
    "two together": 0.905,
}

# --- The disguises, as people put them on ---

LATIN = {
    "а": "aａ𝐚α", "в": "Bb", "е": "eｅ𝗲", "к": "kK", "м": "mM", "н": "HhН",
    "о": "oｏοо", "р": "pｐρ", "с": "cｃ", "т": "tT", "у": "y", "х": "x",
    "г": "r", "и": "u", "п": "n", "ш": "w", "і": "i", "ө": "θ", "ү": "γ",
}  # fmt: skip
KEYBOARD = {"ө": "о", "ү": "у", "ң": "н"}
SYSTEMS = [
    # Passports and BGN
    dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяңөү",
             "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch '' y ' e yu ya ng o u".split())),
    # Common Turkic
    dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяңөү",
             "a b v g d e yo j z i y k l m n o p r s t u f h ts ç ş şç ' ı ' e yu ya ñ ö ü".split())),
    # Chats
    dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяңөү",
             "a b v g d e e j z i i k l m n o p r s t u f x c ch sh sh ' y ' e u ya n o u".split())),
    dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяңөү",
             "a b w g d e yo zh z i j k l m n o p r s t u f h c ch w shch ' y ' e ju ja ng oe ue".split())),
]  # fmt: skip
LEET = {
    "о": "0", "з": "3", "ч": "4", "б": "6", "а": "@4", "с": "$5", "и": "1!",
    "т": "7", "в": "8", "е": "3€", "л": "1|", "э": "3", "к": ["|<"], "ш": "6",
    "ө": "0", "ю": ["10"], "г": "7", "д": "9",
}  # fmt: skip
SIGNS = "* * * # @ % $ ? . .. … _ -".split()
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u2066\ufe0f\u0301\u0336\u034f"


def some(rng, items, least=1):
    return rng.sample(items, rng.randint(least, max(least, len(items))))


def homoglyph(rng, word):
    places = [i for i, c in enumerate(word) if c in LATIN]
    if not places or len(places) == len(word):
        return None
    letters = list(word)
    for i in some(rng, places):
        letters[i] = rng.choice(LATIN[letters[i]])
    return "".join(letters)


def keyboard(rng, word):
    places = [i for i, c in enumerate(word) if c in KEYBOARD]
    if not places:
        return None
    chosen = places if rng.random() < 0.7 else some(rng, places)
    return "".join(KEYBOARD[c] if i in chosen else c for i, c in enumerate(word))


def translit(rng, word):
    system = rng.choice(SYSTEMS)
    out = "".join(system.get(c, c) for c in word)
    if rng.random() < 0.5:
        out = out.replace("'", "")
    return out if len(out) >= 4 else None


def leet(rng, word):
    places = [i for i, c in enumerate(word) if c in LEET]
    if not places or len(word) < 4:
        return None
    letters = list(word)
    for i in rng.sample(places, min(len(places), rng.randint(1, 2), (len(word) - 1) // 2)):
        letters[i] = rng.choice(LEET[letters[i]])
    return "".join(letters)


def repeat(rng, word):
    letters = list(word)
    places = [i for i, c in enumerate(word) if c.isalpha()]
    for i in rng.sample(places, rng.randint(1, min(3, len(places)))):
        letters[i] *= rng.choice((3, 3, 4, 5, 7))
    if rng.random() < 0.2 and len(word) >= 5:
        letters = list(word)
        i = rng.choice([i for i in places if word[i] not in VOWELS] or [0])
        letters[i] *= 2
    return "".join(letters)


def spacing(rng, word):
    if len(word) < 5:
        return None
    way = rng.random()
    if way < 0.5:
        # A letter, as often as it is written, and what is invisible behind it.
        units = re.findall(r"\|<[\W]*?(?=\w|$)|(?:\w[^\w\s]*)", word)
        units = ["".join(run) for _, run in itertools.groupby(units, key=lambda u: u[0])]
        return rng.choice([" ", ".", "-", "_", "*", "/", " ", ". ", " - "]).join(units)
    place = rng.randint(2, len(word) - 2)
    if way < 0.75:
        sign = rng.choice(["-", ".", "_", "..", "...", "*", "|", "~"])
        return word[:place] + sign + word[place:]
    return word[:place] + " " + word[place:]


def mask(rng, word):
    if len(word) < 5:
        return None
    way = rng.random()
    place = rng.randint(1, min(3, len(word) - 2))
    if way < 0.2:
        around = rng.choice(["()", "[]", "«»", '""', "{}", "<>"])
        return word[:place] + around[0] + word[place] + around[1] + word[place + 1 :]
    if way < 0.7 or len(word) < 6:
        sign = rng.choice(SIGNS)
        sign *= 1 if len(sign) > 1 or sign == "…" else rng.choice((1, 1, 1, 2))
        return word[:place] + sign + word[place + 1 :]
    place = rng.randint(2, min(4, len(word) - 3))
    sign = rng.choice(SIGNS)
    sign *= 1 if len(sign) > 1 or sign == "…" else rng.choice((1, 2))
    return word[:place] + sign + word[place + 2 :]


def invisible(rng, word):
    letters = list(word)
    for i in rng.sample(range(len(word)), rng.randint(1, min(4, len(word)))):
        letters[i] += rng.choice(INVISIBLE)
    letters[-1] = word[-1]
    out = "".join(letters)
    return out if out != word and unicodedata.normalize("NFC", out) == out else None


DISGUISES = {
    "homoglyph": homoglyph,
    "keyboard": keyboard,
    "translit": translit,
    "leet": leet,
    "repeat": repeat,
    "spacing": spacing,
    "mask": mask,
    "invisible": invisible,
}

AROUND = [
    ("Бул жерде ", " деп айтылат."),
    ("Кечээ ", ", анан бүгүн көрдүк"),
    ("", " эмне болду?"),
    ("Вот такая история: ", "!"),
    ("а потом все ", " и ушли домой"),
    ("(", ")"),
]


# Whoever puts on two does the one that needs letters first.
ORDER = ["keyboard", "homoglyph", "leet", "translit", "mask", "repeat", "invisible", "spacing"]


def dress(rng, name, word):
    if name != "two together":
        return DISGUISES[name](rng, word)
    first, second = sorted(rng.sample(ORDER, 2), key=ORDER.index)
    if second == "translit" and first != "leet":
        return None  # Latin letters for all: look-alikes have no say in it
    half = DISGUISES[first](rng, word)
    return half and DISGUISES[second](rng, half)


# --- Asking karool ---


def write_rules(folder, terms):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "categories.yaml").write_text("karool: categories/1\ncategories:\n  - id: test\n")
    lines = ["id\tterm\tcategory\tseverity\tlang\tmorphology"]
    lines += [f"t{i}\t{term}\ttest\t1\t{morphology[:2]}\t{morphology}" for i, (term, morphology) in enumerate(terms)]
    (folder / "terms.tsv").write_text("\n".join(lines) + "\n")


def scan(karool, folder, texts):
    """The matches of each text, in order."""
    posts = "".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts))
    done = subprocess.run(
        [karool, "scan", "-r", folder], input=posts, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    matches = [[] for _ in texts]
    for line in done.stdout.splitlines():
        event = json.loads(line)
        matches[int(event["post"]["id"])] = event["matches"]
    return matches


# --- The two measurements ---


def read_forms(paths):
    forms = collections.defaultdict(list)
    for path in paths:
        lang = "ru" if "rus" in path.name else "ky"
        for line in path.read_text().splitlines()[1:]:
            lemma, pos, surface = line.split("\t")[:3]
            grammar = f"{lang}-{GRAMMARS[pos]}" if pos in GRAMMARS else pos
            forms[lemma, grammar].append(surface.replace("ё", "е"))
    return forms


def measure_found(options, rng, forms, folder):
    terms = sorted(forms)
    write_rules(folder, terms)
    number = {term: f"t{i}" for i, term in enumerate(terms)}
    words = [(number[term], form) for term in terms for form in forms[term] if " " not in form]
    plain = scan(options.karool, folder, [form for _, form in words])
    words = [word for word, found in zip(words, plain) if any(m["entry"] == word[0] for m in found)]
    rates = {}
    for name in list(DISGUISES) + ["two together"]:
        cases = []
        tries = 0
        while len(cases) < options.samples and tries < 50 * options.samples:
            tries += 1
            entry, form = rng.choice(words)
            dressed = dress(rng, name, form)
            if not dressed or dressed == form:
                continue
            before, behind = rng.choice(AROUND)
            cases.append((entry, form, before, dressed, before + dressed + behind))
        found = scan(options.karool, folder, [case[-1] for case in cases])
        hits = 0
        for (entry, form, before, dressed, text), matches in zip(cases, found):
            span = [len(before), len(before) + len(dressed)]
            good = any(m["entry"] == entry and m["span"] == span for m in matches)
            hits += good
            if not good and options.verbose:
                print(f"  missed {name}: {form} as {dressed!r} in {text!r}", [m["text"] for m in matches])
        rates[name] = hits / max(1, len(cases))
        print(f"{name:14} {rates[name]:7.1%}  of {len(cases)}")
    return rates


def measure_quiet(options, forms, folder):
    """Lines of ordinary text that hold none of the terms, and are flagged."""
    lines = [line for path in options.clean for line in path.read_text().splitlines() if line.strip()]
    terms = [] if options.terms else sorted(forms)
    for path in options.terms:
        lang, _, pos = path.stem.partition("-")
        terms += [(word, f"{lang}-{pos or 'noun'}") for word in path.read_text().split("\n") if word]
    write_rules(folder, terms)
    found = scan(options.karool, folder, lines)
    # A word that is there without a disguise was no absent one.
    there = {m["entry"] for matches in found for m in matches if m["form"] != "disguised"}
    alarms = 0
    for line, matches in zip(lines, found):
        wrong = [m for m in matches if m["entry"] not in there]
        alarms += bool(wrong)
        for m in wrong:
            term = terms[int(m["entry"][1:])][0]
            print(f"  alarm: {m['text']!r} for {term} through {'+'.join(m['through'])}: {line[:100]}")
    print(f"{alarms} of {len(lines)} ordinary lines flagged, {len(terms) - len(there)} absent terms")
    return alarms / max(1, len(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("karool")
    parser.add_argument("--forms", type=pathlib.Path, nargs="*", default=[HERE / "disguised_forms.tsv"])
    parser.add_argument("--clean", type=pathlib.Path, nargs="*", default=[HERE / "ordinary.txt"])
    parser.add_argument("--terms", type=pathlib.Path, nargs="*", default=[])
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    low = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if options.forms:
            rates = measure_found(options, random.Random(options.seed), read_forms(options.forms), folder)
            low = [name for name, floor in FLOORS.items() if rates[name] < floor]
        if options.clean:
            rate = measure_quiet(options, read_forms(options.forms), folder)
            low += ["ordinary text"] if rate > 1e-4 else []
    if low:
        sys.exit("below the floor: " + ", ".join(low))


if __name__ == "__main__":
    main()
