#!/usr/bin/env python3
"""How many of the disguised words of comments.tsv are found, each at exactly
its place: prints those that are not, and fails below the floor."""

import argparse
import collections
import pathlib
import re
import sys
import tempfile

import disguises

HERE = pathlib.Path(__file__).parent
FLOOR = 0.97
MARKED = re.compile("⟦(.*?)⟧", re.DOTALL)


def unescape(text):
    text = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text)
    return text.replace("\\n", "\n")


def read_comments(path):
    for line in path.read_text().split("\n"):
        if line and not line.startswith("#"):
            term, grammar, comment = line.split("\t")
            yield (term, grammar), unescape(comment)


def spans_of(comment):
    """The comment without its marks, and where the marked words stand."""
    text, spans, behind = "", [], 0
    for found in MARKED.finditer(comment):
        text += comment[behind : found.start()]
        spans.append((len(text), len(text) + len(found[1])))
        text += found[1]
        behind = found.end()
    return text + comment[behind:], spans


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("karool")
    parser.add_argument("--comments", type=pathlib.Path, default=HERE / "comments.tsv")
    options = parser.parse_args()
    comments = [(term, *spans_of(comment)) for term, comment in read_comments(options.comments)]
    terms = sorted({term for term, _, _ in comments})
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        disguises.write_rules(folder, terms)
        found = disguises.scan(options.karool, folder, [text for _, text, _ in comments])
    wanted = missed = 0
    for (term, text, spans), matches in zip(comments, found):
        entry = f"t{terms.index(term)}"
        got = collections.Counter(tuple(m["span"]) for m in matches if m["entry"] == entry)
        for span in spans:
            wanted += 1
            if got.pop(span, 0) == 0:
                missed += 1
                print(f"  missed {term[0]} as {text[span[0] : span[1]]!r}")
        others = [(m["text"], m["through"]) for m in matches if tuple(m["span"]) not in spans]
        if others:
            print(f"  besides, in {text!r}: {others}")
    print(f"{wanted - missed} of {wanted} disguised words of comments found")
    if wanted - missed < FLOOR * wanted:
        sys.exit("below the floor")


if __name__ == "__main__":
    main()
