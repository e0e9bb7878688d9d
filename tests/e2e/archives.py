"""Archives: files of posts, and the source that reads them."""

import json

FLOWERS = {"тюльпан": 4, "ромашка": 2}


def write_posts(path, posts, mode="w"):
    with open(path, mode) as file:
        for post in posts:
            file.write(json.dumps(post, ensure_ascii=False) + "\n")


def numbered(count, flagged_every=10, begin=0, filler=""):
    """Posts whose ids are their numbers; every so-many-th has a term."""
    for n in range(begin, begin + count):
        word = "тюльпан" if n % flagged_every == 0 else "камень"
        yield {"id": str(n), "text": f"{filler}вот {word} {n}"}


def source(path, id="old", **more):
    return {
        "id": id,
        "connector": "archive",
        "files": [str(path)],
        "start": "beginning",
        "every": "1s",
        **more,
    }
