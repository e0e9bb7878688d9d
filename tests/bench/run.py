#!/usr/bin/env python3
"""Measures `karool scan` and its parts on a generated archive; one table.

    cmake --preset release && cmake --build --preset release
    tests/bench/run.py [--build build/release] [--posts 200000]

Everything runs on one core, reader and writer included, so that a figure is
what one core does.
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
TERMS = (1000, 5000)
ROUNDS = 3


def run_on_one_core(arguments, core):
    """Peak memory in MB, stdout, stderr."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdout=out,
            stderr=err,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = err.read().decode()
        if process.returncode:
            sys.exit(f"{arguments[0]}: {said}")
        return usage.ru_maxrss / 1024, out.read().decode(), said


def measure_scan(karool, rules, archive, core):
    best = None
    for _ in range(ROUNDS):
        peak, _, err = run_on_one_core(
            [karool, "scan", "-r", rules, "--threads", "1", archive], core
        )
        rate = int(re.search(r"\((\d+)/s\)", err).group(1))
        flagged = int(re.search(r"(\d+) flagged", err).group(1))
        if best is None or rate > best[0]:
            best = (rate, peak, flagged)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=SOURCE / "build/release")
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    options = parser.parse_args()

    karool = options.build / "karool"
    data = options.build / f"bench-data-{options.posts}"
    archive = data / "posts.ndjson"
    if not archive.exists():
        data.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, HERE / "generate.py", data, "--posts", str(options.posts)], check=True
        )

    rows = []
    for terms in TERMS:
        rules = data / f"rules-exact-{terms}"
        _, out, _ = run_on_one_core([karool, "check", "-r", rules], options.core)
        ready = re.search(r"ready in (\d+) ms, ([\d.]+) MB", out)
        rate, peak, flagged = measure_scan(karool, rules, archive, options.core)
        rows.append((f"scan, {terms} terms", rate, f"{1e9 / rate:.0f}", f"{peak:.0f}", ready.group(1)))
        print(f"{terms} terms: {flagged} of {options.posts} posts flagged", file=sys.stderr)
        _, out, _ = run_on_one_core([options.build / "tests/bench_parts", archive, rules], options.core)
        for line in out.splitlines():
            name, rate, nanoseconds = line.split("\t")
            rows.append((f"  {name}", int(rate), nanoseconds, "", ""))

    print(f"| {'what':44} | {'posts/s':>9} | {'ns a post':>9} | {'peak MB':>7} | {'rules ready, ms':>15} |")
    print(f"|{'-' * 46}|{'-' * 10}:|{'-' * 10}:|{'-' * 8}:|{'-' * 16}:|")
    for name, rate, nanoseconds, peak, ready in rows:
        print(f"| {name:44} | {rate:9} | {nanoseconds:>9} | {peak:>7} | {ready:>15} |")


if __name__ == "__main__":
    main()
