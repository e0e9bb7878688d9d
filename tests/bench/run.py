#!/usr/bin/env python3
"""Measures `karool scan`, its parts, and what people would write instead, on a
generated archive; one table.

    cmake --preset release && cmake --build --preset release
    python3 -m venv build/bench-venv
    build/bench-venv/bin/pip install -r tests/bench/requirements.txt
    tests/bench/run.py [--posts 200000] [--rounds 3]

On one core (`--core`) all of a program runs there, reader and writer included,
so that a figure is what one core does. Programs take turns, round after round,
and the best round of each counts: what else the machine does then slows all of
them alike.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]


class Row:
    """A program that takes its turn each round."""

    def __init__(self, name, command, cores, pattern):
        self.name = name
        self.command = [str(part) for part in command]
        self.cores = cores
        self.pattern = pattern
        self.rate = self.flagged = self.peak = 0

    def turn(self):
        out, said, peak = run(self.command, self.cores)
        rate, flagged = map(int, re.search(self.pattern, said).groups())
        self.flagged = flagged
        if rate > self.rate:
            self.rate, self.peak = rate, peak


def run(command, cores):
    """Standard output, standard error, peak memory in MB."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        # A small process in between: the peak of a child begins with what its
        # parent had when it was forked.
        wrapped = ["/bin/sh", "-c", 'exec "$@"', "sh", *command]
        process = subprocess.Popen(
            wrapped, stdout=out, stderr=err, preexec_fn=lambda: os.sched_setaffinity(0, cores)
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = err.read().decode(errors="replace")
        if process.returncode:
            sys.exit(f"{command[0]}: {said}")
        return out.read(), said, usage.ru_maxrss / 1024


def scan_row(options, name, rules, threads=1):
    cores = {options.core} if threads == 1 else set(sorted(os.sched_getaffinity(0))[:threads])
    command = [options.build / "karool", "scan", "-r", options.data / rules]
    return Row(
        name,
        [*command, "--threads", threads, options.data / "posts.ndjson"],
        cores,
        r"\((\d+)/s\), (\d+) flagged",
    )


def peer_row(options, name, way, terms):
    python = options.venv / "bin/python"
    return Row(
        name,
        [python, HERE / "peer.py", way, options.data / f"terms-{terms}.txt", options.data / "posts.ndjson"],
        {options.core},
        r"^(\d+) (\d+) ",
    )


def compile_rows(options, counts):
    """(name, milliseconds, megabytes of the matcher, peak)."""
    rows = []
    for way in ("exact", "inflected"):
        for count in counts:
            best = None
            for _ in range(options.rounds):
                command = [options.build / "karool", "check", "-r", options.data / f"rules-{way}-{count}"]
                out, _, peak = run(list(map(str, command)), set(os.sched_getaffinity(0)))
                found = re.search(r"ready in (\d+) ms, ([\d.]+) MB", out.decode())
                took = int(found.group(1))
                if best is None or took < best[1]:
                    best = (f"{count} {way} terms", took, found.group(2), peak)
            rows.append(best)
    return rows


def part_rows(options, rules):
    command = [options.build / "tests/bench_parts", options.data / "posts.ndjson", options.data / rules]
    out, _, _ = run(list(map(str, command)), {options.core})
    return [line.split("\t") for line in out.decode().splitlines()]


def subjects(options):
    rows = [
        scan_row(options, "karool scan, 1,000 exact terms", "rules-exact-1000"),
        scan_row(options, "karool scan, 5,000 exact terms", "rules-exact-5000"),
        scan_row(options, "karool scan, 5,000 exact, no disguises", "rules-exact-5000-bare"),
        scan_row(options, "karool scan, 5,000 inflected terms", "rules-inflected-5000"),
        scan_row(options, "karool scan, 5,000 inflected, no disguises", "rules-inflected-5000-bare"),
    ]
    if len(os.sched_getaffinity(0)) > 1:
        rows.append(scan_row(options, "karool scan, 5,000 exact, 2 cores", "rules-exact-5000", 2))
        rows.append(scan_row(options, "karool scan, 5,000 inflected, 2 cores", "rules-inflected-5000", 2))
    if options.venv.exists():
        rows.append(peer_row(options, "orjson + pyahocorasick, 5,000 stems", "ahocorasick", 5000))
        rows.append(peer_row(options, "orjson + hyperscan wheel, 5,000 stems", "hyperscan", 5000))
    else:
        print(f"{options.venv} is missing: without the peers", file=sys.stderr)
    return rows


def report(options, rows):
    print(f"| {'on one core unless said':46} | {'posts/s':>9} | {'ns a post':>9} | {'flagged':>7} | {'peak MB':>7} |")
    print(f"|{'-' * 48}|{'-' * 10}:|{'-' * 10}:|{'-' * 8}:|{'-' * 8}:|")
    for row in rows:
        print(f"| {row.name:46} | {row.rate:9} | {1e9 / row.rate:9.0f} | {row.flagged:7} | {row.peak:7.0f} |")
    for rules in ("exact", "inflected"):
        for name, rate, nanoseconds in part_rows(options, f"rules-{rules}-5000"):
            print(f"| {f'{rules}: {name}':46} | {rate:>9} | {nanoseconds:>9} | {'':7} | {'':7} |")
    print()
    print(f"| {'until the rules are ready':46} | {'ms':>9} | {'matcher MB':>10} | {'peak MB':>7} |")
    print(f"|{'-' * 48}|{'-' * 10}:|{'-' * 11}:|{'-' * 8}:|")
    for name, took, size, peak in compile_rows(options, (1000, 5000, 20000)):
        print(f"| {name:46} | {took:9} | {size:>10} | {peak:7.0f} |")
    print()


def conclude(rows):
    rate = {row.name: row.rate for row in rows}
    inflected = rate["karool scan, 5,000 inflected terms"]
    for way in ("exact", "inflected"):
        all_on = rate["karool scan, 5,000 exact terms" if way == "exact" else "karool scan, 5,000 inflected terms"]
        bare = rate[f"karool scan, 5,000 {way}, no disguises"]
        print(f"all disguises cost, {way}: {100 * (bare / all_on - 1):.0f} % of the time")
        two = rate.get(f"karool scan, 5,000 {way}, 2 cores")
        if two:
            print(f"2 cores, {way}: {two / all_on:.2f} times one")
    peers = [row.rate for row in rows if "orjson" in row.name]
    if peers:
        print(f"Karool, inflected, all disguises, against the faster peer: {inflected / max(peers):.1f} times")
        print(f"Karool, exact terms, against the faster peer: {rate['karool scan, 5,000 exact terms'] / max(peers):.1f} times")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--build", type=pathlib.Path, default=SOURCE / "build/release")
    parser.add_argument("--venv", type=pathlib.Path, default=SOURCE / "build/bench-venv")
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    options = parser.parse_args()
    options.build = options.build.resolve()
    options.data = options.build / f"bench-data-{options.posts}"
    if not (options.data / "terms-20000.txt").exists():
        subprocess.run(
            [sys.executable, HERE / "generate.py", options.data, "--posts", str(options.posts)], check=True
        )
    rows = subjects(options)
    for number in range(options.rounds):
        for row in rows:
            row.turn()
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    report(options, rows)
    conclude(rows)


if __name__ == "__main__":
    main()
