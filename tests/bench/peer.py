#!/usr/bin/env python3
"""What somebody would write instead: peer.py ahocorasick|hyperscan TERMS ARCHIVE

Each post is read by orjson, its text lower-cased and looked through for the
terms as plain stems, which is all it can: no grammar, no disguises, no word
boundaries, no reasons. A line of JSON for each post with a hit goes to standard
output; posts a second, hits and peak memory in MB to standard error.
"""

import resource
import sys
import time

import orjson


def automaton(terms):
    import ahocorasick

    words = ahocorasick.Automaton()
    for term in terms:
        words.add_word(term, term)
    words.make_automaton()

    def find(text):
        return [word for _, word in words.iter(text)]

    return find


def database(terms):
    import hyperscan

    compiled = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    compiled.compile(
        expressions=[term.encode() for term in terms],
        ids=list(range(len(terms))),
        elements=len(terms),
        flags=[hyperscan.HS_FLAG_SINGLEMATCH] * len(terms),
    )
    scratch = hyperscan.Scratch(compiled)
    found = []

    def note(number, start, end, flags, context):
        found.append(terms[number])

    def find(text):
        found.clear()
        compiled.scan(text.encode(), match_event_handler=note, scratch=scratch)
        return list(found)

    return find


def main():
    way, terms, archive = sys.argv[1:]
    with open(terms) as file:
        stems = [line.rstrip("\n").lower() for line in file]
    find = {"ahocorasick": automaton, "hyperscan": database}[way](stems)
    posts = flagged = 0
    start = time.perf_counter()
    with open(archive, "rb") as file:
        for line in file:
            post = orjson.loads(line)
            posts += 1
            found = find(post["text"].lower())
            if found:
                flagged += 1
                sys.stdout.buffer.write(orjson.dumps({"id": post["id"], "matches": found}) + b"\n")
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{posts / took:.0f} {flagged} {peak:.0f}", file=sys.stderr)


if __name__ == "__main__":
    main()
