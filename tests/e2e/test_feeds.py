"""Feeds as nginx serves them: validators, gzip, and a limit on requests."""

import archives
from topics import Topics, check_once
from waiting import wait_until
from web import rss

RSS1 = """\
<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>RDF</title></channel>
<item rdf:about="https://news.example/rdf/1">
<title>Бир тюльпан</title><link>https://news.example/rdf/1</link>
<dc:creator>Planted Gardener</dc:creator>
<dc:date>2026-11-20T08:00:00+06:00</dc:date>
</item></rdf:RDF>
"""
ATOM = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ky">
<title>Atom</title><id>urn:example:feed</id><updated>2026-11-20T02:00:00Z</updated>
<entry><id>urn:example:entry:1</id><title>Жаңылык</title>
<link rel="alternate" href="https://news.example/atom/1"/>
<author><name>Planted Gardener</name><email>planted@news.example</email></author>
<updated>2026-11-20T02:00:00Z</updated>
<content type="html">&lt;p&gt;Бакта &lt;b&gt;ромашка&lt;/b&gt;&lt;/p&gt;</content>
</entry></feed>
"""
CYRILLIC = """\
<?xml version="1.0" encoding="windows-1251"?>
<rss version="2.0"><channel><title>Лента</title><item>
<title>Тюльпан в саду</title><link>https://news.example/1251/1</link>
<description>Ежегодная выставка: «сады»</description>
<pubDate>Fri, 20 Nov 2026 08:00:00 +0600</pubDate>
</item></channel></rss>
"""


def feed(id, url, **more):
    return {
        "id": id,
        "connector": "feed",
        "urls": [url],
        "every": "1s",
        "http": "allow",
        "local": True,
        **more,
    }


def test_every_kind_of_feed_becomes_articles(daemon, nginx):
    site = nginx()
    site.put("two.rss", rss("роза", "тюльпан", about="two"))
    site.put("one.rdf", RSS1)
    site.put("three.atom", ATOM)
    site.put("cyrillic.rss", CYRILLIC, "windows-1251")
    names = ("two.rss", "one.rdf", "three.atom", "cyrillic.rss")
    karool = daemon(
        sources=[feed(n.split(".")[0], f"{site.base}/{n}") for n in names]
    ).start()
    topics = Topics(karool.bootstrap)
    posts = topics.wait_for_posts(5)
    assert {post["kind"] for post in posts} == {"article"}
    by_source = {post["source"]: post for post in posts}
    assert by_source["one"]["title"] == "Бир тюльпан"
    assert by_source["one"]["created_at"].startswith("2026-11-20T02:00:00")
    assert by_source["three"]["text"] == "Бакта ромашка"
    assert by_source["three"]["url"] == "https://news.example/atom/1"
    assert by_source["cyrillic"]["title"] == "Тюльпан в саду"
    assert by_source["cyrillic"]["text"] == "Ежегодная выставка: «сады»"
    events = topics.wait_for_flagged(4)
    found = {event["post"]["source"] for event in events}
    assert found == {"two", "one", "three", "cyrillic"}
    assert b"Planted" not in topics.everything()
    topics.check_all()


def test_an_unchanged_feed_is_asked_for_with_its_etag(daemon, nginx):
    """304, and gzip where something changed."""
    site = nginx()
    texts = [f"роза {n}" for n in range(20)]
    site.put("news.rss", rss(*texts))
    source = feed("news", f"{site.base}/news.rss", user_agent="desk (a@b.example)")
    karool = daemon(sources=[source]).start()
    topics = Topics(karool.bootstrap)
    topics.wait_for_posts(20)

    def unchanged():
        return [a for a in site.accesses("/news.rss") if a.status == 304]

    wait_until(lambda: len(unchanged()) >= 2, 60, "304 in nginx' own log")
    first = site.accesses("/news.rss")[0]
    assert first.status == 200 and first.if_none_match == "-"
    assert "gzip" in first.accept_encoding and first.content_encoding == "gzip"
    assert first.user_agent == "desk (a@b.example)"
    assert all('W/' in a.if_none_match or '-' != a.if_none_match
               for a in unchanged())  # fmt: skip

    site.put("news.rss", rss(*texts, "тюльпан"))
    posts = topics.wait_for_posts(21)
    check_once(posts)
    topics.wait_for_flagged(1)
    assert [a.status for a in site.accesses("/news.rss")].count(200) == 2
    karool.stop()


def test_validators_survive_a_restart(daemon, nginx, shared_kafka):
    site = nginx()
    site.put("news.rss", rss("роза", "тюльпан"))
    karool = daemon(
        brokers=shared_kafka.bootstrap,
        campaign="validators",
        kafka={"partitions": 1},
        sources=[feed("news", f"{site.base}/news.rss")],
    ).start()
    topics = Topics(karool.bootstrap, "validators")
    topics.wait_for_posts(2)
    karool.stop()
    asked = len(site.accesses("/news.rss"))
    karool.start()
    wait_until(lambda: len(site.accesses("/news.rss")) > asked, 60, "a poll")
    again = site.accesses("/news.rss")[asked:]
    assert {access.status for access in again} == {304}
    assert len(topics.posts()) == 2
    karool.stop()


def test_retry_after_is_honoured_and_others_are_not_delayed(daemon, nginx):
    """limit_req lets one through every 6 s; its 429 asks for 7 s."""
    site = nginx()
    for name in ("limited/a.rss", "limited/b.rss", "free.rss"):
        site.put(name, rss("роза", about=name))
    karool = daemon(
        sources=[
            feed("first", f"{site.base}/limited/a.rss"),
            feed("second", f"{site.base}/limited/b.rss"),
            feed("free", f"{site.base}/free.rss"),
        ]
    ).start()

    def limited():
        return site.accesses("/limited/a.rss") + site.accesses("/limited/b.rss")

    def refused_and_asked_again():
        return [
            (a, b)
            for path in ("/limited/a.rss", "/limited/b.rss")
            for a, b in zip(site.accesses(path), site.accesses(path)[1:])
            if a.status == 429
        ]

    wait_until(lambda: len(refused_and_asked_again()) >= 2, 90, "asked again")
    for before, after in refused_and_asked_again():
        assert after.at - before.at >= 6.9, "Retry-After: 7"
    assert {access.status for access in limited()} >= {200, 429}
    karool.logged("too many requests")
    assert karool.lines_with("next try in")
    times = [access.at for access in site.accesses("/free.rss")]
    gaps = [b - a for a, b in zip(times, times[1:])]
    assert len(times) >= 8 and max(gaps) < 5, gaps
    posts = Topics(karool.bootstrap).wait_for_posts(3)
    check_once(posts)
    assert {post["source"] for post in posts} == {"first", "second", "free"}
    karool.stop()


def test_a_feed_goes_on_where_an_archive_is_read(daemon, nginx, tmp_path):
    """A long file and a feed at once: neither waits for the other."""
    path = tmp_path / "posts.ndjson"
    archives.write_posts(path, archives.numbered(20_000, 1000))
    site = nginx()
    site.put("news.rss", rss("тюльпан"))
    karool = daemon(
        sources=[
            archives.source(path),
            feed("news", f"{site.base}/news.rss"),
        ]
    ).start()
    topics = Topics(karool.bootstrap)
    wait_until(
        lambda: "news" in {e["post"]["source"] for e in topics.flagged()},
        60,
        "the feed's event",
    )
    wait_until(lambda: len(site.accesses()) >= 2, 30, "it is polled again")
    topics.wait_for_flagged(21)
    karool.stop()
