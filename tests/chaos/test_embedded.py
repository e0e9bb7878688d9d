"""The embedded broker forgets silently: ingest must wait for the screen."""

import json
import re
import time

from conftest import setting
from fleet import Fleet

SOURCES = """\
  - id: archive
    connector: archive
    files: [posts.ndjson]
    start: beginning
"""
WORDS = ["тюльпан", "кактус", "мох", "трава"]


def counts(text):
    """The last "N posts stored, N screened, N flagged, N rejected" of a log."""
    found = re.findall(r"(\d+) posts stored, (\d+) screened, (\d+) flagged", text)
    return tuple(map(int, found[-1])) if found else (0, 0, 0)


def test_no_post_of_200_000_is_forgotten(tmp_path, program):
    many = setting("EMBEDDED_POSTS", 200_000)
    flagged = 0
    with open(tmp_path / "posts.ndjson", "w") as file:
        for number in range(many):
            word = WORDS[number % 97 % 4] if number % 50 == 0 else "трава"
            flagged += word == "тюльпан"
            post = {"id": f"p{number}", "text": f"{word} {'поле ' * 8}{number}"}
            file.write(json.dumps(post, ensure_ascii=False) + "\n")
    with Fleet(
        tmp_path, program, "embedded", SOURCES, ingest=0, screen=0, both=1
    ) as fleet:
        process = fleet.processes[0]
        until = time.monotonic() + setting("EMBEDDED_SECONDS", 150)
        while counts(process.text())[1] < many and time.monotonic() < until:
            assert process.running(), process.text()[-2000:]
            time.sleep(0.5)
        assert process.stop() == 0
    assert counts(process.text()) == (many, many, flagged)
