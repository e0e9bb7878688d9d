#!/usr/bin/env python3
"""make_known.py KYRGYZ: writes cyrillic.known and latin.known, the
sets of known words that known_words.c asks (words of four letters or more).

KYRGYZ is the word list of tesseract-ocr-kir 4.1.0 (Apache-2.0), read out with
dawg2wordlist: 450,000 words as really written, without frequencies. Russian,
English and Turkish words are the most frequent of wordfreq 3.1.1 (R. Speer,
2022; data CC BY-SA 4.0).

A Kyrgyz word that may be another one, typed on a Russian keyboard, is left out
where the other one is as likely: there, a term may be meant. So are endings,
of which the list has many."""

import collections
import pathlib
import re
import sys

HASHES, BITS_A_WORD = 8, {"cyrillic": 20, "latin": 20}
SHORTEST, LONGEST = 4, 18
RICH = set("өүң")
POOR = str.maketrans("өүң", "оун")
# өлтүр- typed without its letters; олтур- itself is mostly written отур-.
TYPED_POOR = ("олтур",)
WORDS = {"ru": 150000, "en": 60000, "tr": 40000}


def kyrgyz(path):
    words = (word.replace("ё", "е") for word in path.read_text().split() if word.islower())
    words = sorted({word for word in words if re.fullmatch("[а-яөүң]{3,18}", word)})
    beginning = collections.Counter(w[:k] for w in words for k in range(2, len(w) + 1))
    ending = collections.Counter(w[k:] for w in words for k in range(3, len(w)))
    richer = collections.defaultdict(list)
    for text in list(beginning):
        if RICH & set(text):
            richer[text.translate(POOR)].append(text)

    def likely(word):
        splits = (beginning[word[:k]] * ending[word[k:]] for k in range(3, len(word)))
        return max(splits, default=0) + beginning[word]

    def twins(text):
        poor = [t for t in richer[text.translate(POOR)] if t != text]
        return [t for t in poor if all(a == b or a in RICH for a, b in zip(t, text))]

    def itself(word):
        if word.startswith(TYPED_POOR):
            return False
        if any(likely(t) * 1.25 > likely(word) for t in twins(word)):
            return False
        prefixes = (word[:k] for k in range(SHORTEST, min(7, len(word)) + 1))
        # With ң alone it is mostly another form of the same word.
        stems = ((p, t) for p in prefixes for t in twins(p) if t.replace("ң", "н") != p)
        return all(beginning[t] <= beginning[p] for p, t in stems)

    def ends_words(text):
        return ending[text] > 20 and ending[text] > 3 * beginning[text]

    return {word for word in words if len(word) >= SHORTEST and itself(word) and not ends_words(word)}


def frequent(language, letters):
    import wordfreq

    most = wordfreq.top_n_list(language, WORDS[language] * 2, wordlist="best")
    words = (word.replace("ё", "е") for word in most)
    return [w for w in words if re.fullmatch(f"[{letters}]{{{SHORTEST},{LONGEST}}}", w)][: WORDS[language]]


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def write(path, words):
    bits = len(words) * BITS_A_WORD[path.stem] // 8 * 8
    table = bytearray(bits // 8)
    for word in words:
        value = fnv(word.encode())
        step = value >> 32 | 1
        for i in range(HASHES):
            bit = (value + i * step & 0xFFFFFFFFFFFFFFFF) % bits
            table[bit // 8] |= 1 << bit % 8
    path.write_bytes(table)
    print(f"{path.name}: {len(words)} words, {len(table)} bytes")


def main():
    here = pathlib.Path(__file__).parent
    cyrillic = kyrgyz(pathlib.Path(sys.argv[1])) | set(frequent("ru", "а-я"))
    write(here / "cyrillic.known", cyrillic)
    write(here / "latin.known", set(frequent("en", "a-z")) | set(frequent("tr", "a-zçğıöşü")))


if __name__ == "__main__":
    main()
