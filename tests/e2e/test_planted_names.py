"""Names and fields that no connector lists as harmless reach no topic."""

import archives
from topics import Topics
from vk import Wall
from web import rss

NAME = "Planted"


def status():
    account = {key: f"{NAME}-{key}" for key in ("id", "acct", "display_name")}
    account["url"] = f"https://a.example/@{NAME}"
    return {
        "id": "1",
        "uri": "https://a.example/objects/1",
        "url": "https://a.example/1",
        "created_at": "2026-11-20T08:00:00.000Z",
        "content": "<p>вот ромашка</p>",
        "account": account,
        "mentions": [account],
        "application": {"name": NAME},
        "unknown": {"deep": [NAME]},
    }


def test_planted_names_are_in_no_topic(
    daemon, web, secure_web, certificates, tmp_path
):
    wall = Wall("planted-token-42")
    wall.publish(3, "ромашка")
    secure_web.answers["/method/wall.get"] = wall
    feed = rss("ромашка").replace(
        "</item>", f"<author>{NAME}@a.example</author></item>"
    )
    web.answers["/feed"] = lambda r: r.send(feed)
    timeline = "/api/v1/timelines/public"
    web.answers[timeline] = lambda r: r.send_json(
        [] if "min_id" in r.path or "max_id" in r.path else [status()]
    )
    path = tmp_path / "posts.ndjson"
    post = {"id": "1", "text": "ромашка", "author": NAME, "extra": NAME}
    archives.write_posts(path, [post])
    common = {"every": "1s", "start": "beginning", "local": True}
    plain = {**common, "http": "allow"}
    sources = [
        archives.source(path),
        {"id": "f", "connector": "feed", "urls": [f"{web.base}/feed"], **plain},
        {
            "id": "m",
            "connector": "mastodon",
            "instance": web.base,
            "timelines": ["public"],
            **plain,
        },
        {
            "id": "v",
            "connector": "vk",
            "communities": ["gardens"],
            "api": secure_web.base,
            "token": {"secret": "VK_TOKEN"},
            **common,
        },
    ]
    environment = {**certificates.environment, "VK_TOKEN": wall.token}
    karool = daemon(sources=sources, environment=environment).start()
    topics = Topics(karool.bootstrap)
    events = topics.wait_for_flagged(6)
    found = {event["post"]["source"] for event in events}
    assert found == {"old", "f", "m", "v"}
    everything = topics.everything()
    assert NAME.encode() not in everything
    assert "ромашка".encode() in everything
