#!/usr/bin/env python3
"""How many words are found that are disguised as people are in the habit of
doing it: prints a table by language and habit, and fails below the floors.

disguises.py puts disguises on letters at random. Here a writer has reasons:
the first letter and the ending stay, stars and stretches are for vowels, words
are divided between syllables, a Latin spelling is kept to, and in comments that
are in Latin letters altogether the words around are, too.
"""

import argparse
import collections
import os
import pathlib
import random
import sys
import tempfile

import disguises

HERE = pathlib.Path(__file__).parent
# What a disguise may not make unreadable: the language, and how many letters
# the form has in common with its dictionary form.
About = collections.namedtuple("About", "lang stem")
VOWELS = "аеёиоуыэюяөүаeiouyıöüáóúаａοо"

# What each habit must reach, and those of one or two disguises together, in
# words of five letters or more: a little under what they do.
EACH, ALL = 0.85, 0.975


def pick(rng, places, most=1):
    """Some of the places, in order."""
    return sorted(rng.sample(places, min(len(places), rng.randint(1, most))))


def put(word, places, pieces):
    return "".join(pieces[i] if i in places else c for i, c in enumerate(word))


# --- Letters that look alike ---

SHAPES = {
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "к": "k",
    "м": "m", "т": "t", "в": "B", "н": "H", "и": "u", "п": "n", "г": "r", "і": "i",
}  # fmt: skip
SURE_SHAPES = "аеорсух"


def shapes(rng, word, _about):
    places = [i for i, c in enumerate(word) if c in SURE_SHAPES]
    if not places:
        return None
    return put(word, pick(rng, places, 2), [SHAPES.get(c) for c in word])


def all_shapes(rng, word, _about):
    out = "".join(SHAPES[c] if c in SURE_SHAPES else c for c in word)
    if rng.random() < 0.3:
        out = "".join(SHAPES.get(c, c) for c in word)
    return out if any(c not in SHAPES.values() for c in out) else None


# --- Signs for letters ---


def inner(word):
    """The letters that are hidden: neither the first nor the last, vowels if
    there are any."""
    places = list(range(1, len(word) - 1))
    vowels = [i for i in places if word[i] in VOWELS]
    return vowels, places


def readable(first, hidden, about):
    """Is no more than half of the stem hidden?"""
    of_stem = sum(i < about.stem for i in range(first, first + hidden))
    return 2 * of_stem <= about.stem


def star(rng, word, _about):
    vowels, places = inner(word)
    if len(word) < 4:
        return None
    i = rng.choice(vowels if vowels and rng.random() < 0.7 else places)
    return word[:i] + rng.choice("***@#") + word[i + 1 :]


def sign(rng, word, _about):
    vowels, places = inner(word)
    i = rng.choice(vowels if vowels and rng.random() < 0.5 else places)
    return word[:i] + rng.choice("#%$?_@-.…") + word[i + 1 :]


def stars(rng, word, about):
    """For two or three letters behind the first: one star, or one each."""
    hidden = rng.choice((2, 2, 3) if len(word) >= 8 else (2,))
    if len(word) < hidden + 4:
        return None
    i = rng.randint(1, min(3, len(word) - hidden - 2))
    if not readable(i, hidden, about):
        return None
    written = rng.choice("***#%") * rng.choice((1, hidden, hidden, 3))
    return word[:i] + written + word[i + hidden :]


def two_stars(rng, word, _about):
    vowels, places = inner(word)
    if len(word) < 6 or len(vowels) < 2:
        return None
    return put(word, sorted(rng.sample(vowels, 2)), rng.choice("**@") * len(word))


def dots(rng, word, about):
    hidden = rng.choice((1, 2)) if len(word) >= 6 else 1
    if len(word) < 5:
        return None
    i = rng.randint(1, min(3, len(word) - hidden - 2))
    if not readable(i, hidden, about):
        return None
    return word[:i] + rng.choice(("..", "..", "...", "…")) + word[i + hidden :]


def brackets(rng, word, _about):
    around = rng.choice(("()", "()", "[]", '""', "«»", "''", "{}"))
    many = rng.choice((1, 1, 2))
    if len(word) < many + 3:
        return None
    i = rng.randint(0, len(word) - many - 1)
    return word[:i] + around[0] + word[i : i + many] + around[1] + word[i + many :]


# --- Digits ---

DIGITS = {"ч": "4", "а": "4@", "з": "3", "э": "3", "б": "6", "о": "0", "и": "1", "т": "7", "в": "8", "ө": "0"}
USUAL_DIGITS = "чзэбоө"


def digits(rng, word, _about):
    usual = [i for i, c in enumerate(word) if c in USUAL_DIGITS]
    places = [i for i, c in enumerate(word) if c in DIGITS]
    places = usual if usual and rng.random() < 0.8 else places
    if not places:
        return None
    return put(word, pick(rng, places, 2), [rng.choice(DIGITS.get(c, c)) for c in word])


# --- Letters apart ---


def syllables(word):
    """Before each consonant with a vowel behind it, if a vowel stands before."""
    cuts = []
    for i in range(1, len(word) - 1):
        begins = word[i] not in VOWELS and word[i] not in "ьъ" and word[i + 1] in VOWELS
        if begins and any(c in VOWELS for c in word[:i]):
            cuts.append(i)
    return cuts


def divide(word, cuts, gap):
    pieces = [word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)])]
    return gap.join(pieces)


def syllable(rng, word, _about):
    cuts = [i for i in syllables(word) if 2 <= i <= len(word) - 2]
    return divide(word, [rng.choice(cuts)], rng.choice("--- ._")) if cuts and len(word) >= 5 else None


def all_syllables(rng, word, _about):
    cuts = syllables(word)
    return divide(word, cuts, rng.choice("--. _")) if len(cuts) >= 2 else None


def spelt(rng, word, _about):
    return rng.choice((" ", " ", ".", "-", "_", "*", ". ")).join(word)


# --- Letters again ---


def stretch(rng, word, _about):
    """A vowel, but none that a Latin spelling needs two letters for."""
    pairs = set("yjiaeou'")
    places = [i for i, c in enumerate(word) if c in VOWELS and c != "y"
              and not (c.isascii() and pairs & {*word[i - 1 : i], *word[i + 1 : i + 2]})]
    if not places:
        return None
    many = rng.randint(3, 6)
    return put(word, pick(rng, places, 2), [c * many for c in word])


def double(rng, word, _about):
    places = [i for i, c in enumerate(word) if c not in VOWELS and c not in "ьъ" and i > 0]
    if len(word) < 5 or not places:
        return None
    return put(word, pick(rng, places, 2), [c * 2 for c in word])


# --- Latin letters by their sound ---

ALIKE = dict(zip("абвгдеёзиклмнопрстуфэ", "abvgdeeziklmnoprstufe"))
WAYS_KYRGYZ = {
    "ж": ("j", "zh", "j", "dj"), "ы": ("y", "y", "ı", "i"), "ө": ("o", "ö", "o'", "oe"),
    "ү": ("u", "ü", "u'", "ue"), "ң": ("n", "ng", "ñ", "n'"), "ш": ("sh", "sh", "ş"),
    "ч": ("ch", "ch", "ç"), "х": ("h", "kh", "x"), "ц": ("ts", "c"), "ю": ("yu", "iu", "ju"),
    "я": ("ya", "ia", "ja"), "ё": ("yo", "io"), "щ": ("sh", "shch"), "ь": ("", "'"), "ъ": ("",),
    "к": ("k", "k", "k", "q"), "й": ("y", "i", "j"),
}  # fmt: skip
WAYS_RUSSIAN = {
    "ж": ("zh", "zh", "j"), "ы": ("y", "y", "i"), "ш": ("sh", "sh", "w"), "ч": ("ch", "ch", "4"),
    "х": ("h", "kh", "x"), "ц": ("c", "ts"), "ю": ("yu", "ju", "iu"), "я": ("ya", "ja", "ia"),
    "щ": ("shch", "sch", "sh", "w"), "ь": ("", "", "'", "`"), "ъ": ("", "'"), "й": ("y", "i", "j"),
    "ё": ("e", "yo"), "в": ("v", "v", "w"), "э": ("e",), "е": ("e", "e", "e", "ye"),
}  # fmt: skip


def spelling_of(rng, lang):
    """One writer's Latin letters."""
    ways = WAYS_KYRGYZ if lang == "ky" else WAYS_RUSSIAN
    out = dict(ALIKE)
    out.update({letter: rng.choice(choices) for letter, choices in ways.items()})
    if out["й"] == "j" and out["ж"] in ("j", "dj"):
        out["й"] = "i"
    if out["ы"] == "ı":
        out["й"] = "y"
    return out


def latin(rng, word, about):
    out = "".join(spelling_of(rng, about.lang).get(c, c) for c in word)
    return out if len(out) >= 4 else None


def latin_digits(rng, word, about):
    marks = {"ч": "4", "ш": "6", "з": "3", "о": "0", "ө": "0", "ж": "zh", "б": "6"}
    places = [i for i, c in enumerate(word) if c in marks and c != "ж"]
    if not places:
        return None
    chosen = pick(rng, places, 2)
    spelling = spelling_of(rng, about.lang)
    return "".join(marks[c] if i in chosen else spelling.get(c, c) for i, c in enumerate(word))


def half_latin(rng, word, about):
    cuts = syllables(word)
    if not cuts:
        return None
    cut = rng.choice(cuts)
    spelling = spelling_of(rng, about.lang)
    halves = [word[:cut], word[cut:]]
    side = rng.randint(0, 1)
    halves[side] = "".join(spelling.get(c, c) for c in halves[side])
    return "".join(halves)


# --- Another keyboard ---


def keyboard(_rng, word, about):
    poor = word.translate(str.maketrans("өүң", "оун"))
    return poor if about.lang == "ky" and poor != word else None


ONE = {
    "shapes": shapes, "all shapes": all_shapes, "star": star, "sign": sign, "stars": stars,
    "two stars": two_stars, "dots": dots, "brackets": brackets, "digits": digits,
    "syllable": syllable, "all syllables": all_syllables, "spelt": spelt,
    "stretch": stretch, "double": double, "latin": latin, "half latin": half_latin,
    "keyboard": keyboard,
}  # fmt: skip
# What comes first, and what is put on it.
TWO = {
    "shapes, star": (star, shapes),
    "shapes, stars": (stars, shapes),
    "shapes, digits": (digits, shapes),
    "shapes, syllable": (syllable, shapes),
    "shapes, stretch": (stretch, shapes),
    "shapes, spelt": (shapes, spelt),
    "shapes, brackets": (brackets, shapes),
    "latin, digits": (latin_digits,),
    "latin, star": (star, latin),
    "latin, syllable": (syllable, latin),
    "latin, stretch": (latin, stretch),
    "digits, star": (digits, star),
    "keyboard, star": (keyboard, star),
    "keyboard, shapes": (keyboard, shapes),
    "keyboard, latin": (keyboard, latin),
}
HABITS = {**ONE, **TWO}


def dress(rng, habit, word, about):
    steps = TWO.get(habit) or (ONE[habit],)
    for step in steps:
        word = word and step(rng, word, about)
    return word


AROUND = {
    "ky": [
        ("Бул жерде ", " деп айтылат."), ("кечээ ", " көрдүк, анан кеттик"), ("", " эмне болду?"),
        ("ай ", ", кайда барасың"), ("мына ", "!!!"), ("Ошол ", " дагы эле келе жатабы"),
    ],
    "ru": [
        ("Вот такая история: ", "!"), ("а потом все ", " и ушли домой"), ("", " опять пришли"),
        ("ну и где тут ", "?"), ("Да это же ", ", я сразу понял"), ("говорят, ", " тоже так делают"),
    ],
}  # fmt: skip
AROUND_LATIN = {
    "ky": [("bul jerde ", " dep aitylat"), ("kechee ", " kordum"), ("oshol ", " dagy ele kele jatat")],
    "ru": [("vot takaya istoriya: ", "!"), ("a potom vse ", " i ushli domoy"), ("nu i gde tut ", "?")],
}


def sentence(rng, habit, dressed, lang):
    choices = AROUND_LATIN if "latin" in habit and habit != "half latin" and rng.random() < 0.4 else AROUND
    before, behind = rng.choice(choices[lang])
    case = rng.random()
    if case < 0.1 and "ı" not in dressed:
        dressed = dressed.upper()
    elif case < 0.25:
        dressed = dressed[0].upper() + dressed[1:]
    return before, dressed, before + dressed + behind


def cases_of(rng, habit, words, lang, samples, letters):
    cases = []
    for _ in range(60 * samples):
        if len(cases) == samples:
            break
        entry, form, stem = rng.choice(words)
        if not letters[0] <= len(form) <= letters[1]:
            continue
        dressed = dress(rng, habit, form, About(lang, stem))
        if dressed and dressed != form:
            cases.append((entry, form, *sentence(rng, habit, dressed, lang)))
    return cases


def measure(options, rng, lang, words, folder, habit):
    cases = cases_of(rng, habit, words, lang, options.samples, options.letters)
    found = disguises.scan(options.karool, folder, [case[-1] for case in cases])
    hits = exact = 0
    for (entry, form, before, dressed, text), matches in zip(cases, found):
        first, end = len(before), len(before) + len(dressed)
        spans = [m["span"] for m in matches if m["entry"] == entry]
        good = any(a < end and b > first for a, b in spans)
        hits += good
        exact += [first, end] in spans
        if not good and options.verbose:
            others = [m["text"] for m in matches]
            print(f"  missed {lang} {habit}: {form} as {dressed!r} in {text!r} {others or ''}")
    return hits, exact, len(cases)


def below(cell, floor):
    hits, _, count = cell
    return hits < floor * count


def cell_text(cell):
    if not cell or not cell[2]:
        return ""
    hits, exact, count = cell
    return f"{hits / count:.1%} ({exact / count:.1%})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("karool")
    parser.add_argument("--forms", type=pathlib.Path, nargs="*", default=[HERE / "disguised_forms.tsv"])
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--letters", type=int, nargs=2, default=(5, 40), help="of the words: least and most")
    parser.add_argument("--habits", nargs="*", default=list(HABITS))
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    forms = disguises.read_forms(options.forms)
    terms = sorted(forms)
    table = collections.defaultdict(dict)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        disguises.write_rules(folder, terms)
        words = {"ky": [], "ru": []}
        flat = [(f"t{i}", form, term) for i, term in enumerate(terms) for form in forms[term]]
        plain = disguises.scan(options.karool, folder, [form for _, form, _ in flat])
        for (entry, form, term), found in zip(flat, plain):
            if " " not in form and any(m["entry"] == entry for m in found):
                stem = len(os.path.commonprefix([term[0].replace("ё", "е").rstrip(VOWELS), form]))
                words[term[1][:2]].append((entry, form, stem))
        for lang in words:
            for habit in options.habits:
                if words[lang]:
                    table[habit][lang] = measure(options, rng, lang, words[lang], folder, habit)
    low = [f"{habit} {lang}" for habit, row in table.items() for lang, cell in row.items() if below(cell, EACH)]
    for lang in ("ky", "ru"):
        for name, group in (("one", ONE), ("two", TWO)):
            rows = [table[habit][lang] for habit in options.habits if habit in group and lang in table[habit]]
            if rows:
                table[f"{name}, all"][lang] = total = tuple(map(sum, zip(*rows)))
                low += [f"{name} {lang}"] if below(total, ALL) else []
    print(f"{'found (exactly)':18} {'Kyrgyz':>18} {'Russian':>18}")
    for habit, row in table.items():
        print(f"{habit:18} {cell_text(row.get('ky')):>18} {cell_text(row.get('ru')):>18}")
    if low:
        sys.exit("below the floor: " + ", ".join(low))


if __name__ == "__main__":
    main()
