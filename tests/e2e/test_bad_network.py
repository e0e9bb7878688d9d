"""Servers that answer badly: each source backs off alone, and says why."""


import pytest
import web as fakes
from topics import Topics



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


def mastodon(id, base, **more):
    return {
        "id": id,
        "connector": "mastodon",
        "instance": base,
        "timelines": ["public"],
        "every": "1s",
        "http": "allow",
        "local": True,
        **more,
    }


def endless(request):
    """Without a length, until the client has had enough."""
    request.send_response(200)
    request.send_header("Content-Type", "application/xml")
    request.send_header("Connection", "close")
    request.end_headers()
    request.wfile.write(b"<?xml version='1.0'?><rss><channel>")
    while True:
        request.wfile.write(b"<item><title>tulip</title></item>" * 1000)


def silence(request):
    request.server.web.ended.wait(60)


def half(request):
    """Half a document, whole as the length has it."""
    request.send('[{"id": "1", "uri": "https://a.example/1", "conte')


def cut(request):
    """Less than the length promises."""
    request.send_response(200)
    request.send_header("Content-Length", "10000")
    request.end_headers()
    request.wfile.write(b'[{"id": "1"')
    request.close_connection = True


def page(request):
    text = "<!DOCTYPE html><html><body>Please come back later</body></html>"
    request.send(text, type="text/html")


def counting_feed(seen):
    """One item more at each poll."""

    def answer(request):
        seen.append(f"тюльпан номер {len(seen)}")
        request.send(fakes.rss(*seen, about="good"), type="application/rss+xml")

    return answer


def test_each_bad_answer_is_named_and_delays_nobody(daemon, web):
    other = fakes.Web()
    other.answers["/feed"] = lambda r: r.send(fakes.rss("elsewhere"))
    seen = []
    kind = "/api/v1/timelines/public"
    web.answers.update(
        {
            "/good": counting_feed(seen),
            "/html": page,
            "/endless": endless,
            "/loop": lambda r: r.send(status=302, Location="/loop"),
            "/elsewhere": lambda r: r.send(
                status=302, Location=f"{other.base}/feed"
            ),
            "/silence": silence,
            "/reset": lambda r: r.reset(),
            "/cut": cut,
            "/broken": lambda r: r.send(b"at fault", status=500),
            "/half" + kind: half,
            "/page" + kind: page,
            "/object" + kind: lambda r: r.send('{"error": null, "ok": true}'),
        }
    )
    names = ["html", "endless", "loop", "elsewhere", "silence", "reset", "cut"]
    names += ["broken"]
    sources = [feed(name, f"{web.base}/{name}") for name in names]
    sources += [
        mastodon(name, f"{web.base}/{name}") for name in ("half", "page", "object")
    ]
    sources.append(feed("refused", "http://127.0.0.1:1/feed"))
    sources.append(feed("good", f"{web.base}/good"))
    karool = daemon(sources=sources).start()
    reasons = {
        "html": ["HTML"],
        "endless": ["more than", "bytes"],
        "loop": ["redirects in a row"],
        "elsewhere": ["sends us elsewhere"],
        "silence": ["no answer in time"],
        "reset": ["reset"],
        "cut": ["bytes remaining"],
        "broken": ["500"],
        "half": ["JSON"],
        "page": ["HTML"],
        "object": ["no list"],
        "refused": ["refused", "connect"],
    }

    def said(name):
        lines = [
            line
            for line in karool.log().splitlines()
            if f" {name}: " in line and "next try in" in line
        ]
        words = reasons[name]
        return any(any(word in line for word in words) for line in lines)

    try:
        for name in reasons:
            karool.wait_for(lambda: said(name), f"why {name} backs off", 90)
        polls = web.asked("/good")
        gaps = [b - a for a, b in zip(polls, polls[1:])]
        assert len(polls) >= 10, "the good one is polled every second"
        assert max(gaps) < 5, f"it was delayed: {gaps}"
        topics = Topics(karool.bootstrap)
        stored = {post["text"] for post in topics.wait_for_posts(len(polls) - 2)}
        assert stored <= set(seen) and len(stored) >= len(polls) - 2
        assert other.asked("/feed") == [], "a redirect to another host"
        assert {p["source"] for p in topics.posts()} == {"good"}
        # Backing off means asking less and less often. libcurl itself tries a
        # connection that was reset again at once: that is one visit.
        asked = web.asked("/reset")
        visits = [b for a, b in zip([0, *asked], asked) if b - a > 0.5]
        assert len(visits) < len(polls) / 2
        topics.check_all()
        karool.stop()
    finally:
        other.close()


def test_a_source_that_mends_works_again(daemon, web):
    web.answers["/feed"] = page
    karool = daemon(sources=[feed("news", f"{web.base}/feed")]).start()
    karool.logged("next try in")
    web.answers["/feed"] = lambda r: r.send(fakes.rss("ромашка"))
    karool.logged("news: works again")
    Topics(karool.bootstrap).wait_for_flagged(1)


def test_plain_http_and_private_addresses_are_refused_each_alone(daemon, web):
    web.answers["/feed"] = lambda r: r.send(fakes.rss("ромашка"))
    url = f"{web.base}/feed"
    plain = {"id": "n", "connector": "feed", "urls": [url], "local": True}
    karool = daemon(sources=[plain])
    done = karool.command("run")
    assert done.returncode == 2
    assert "'http: allow'" in done.stderr
    assert "karool.yaml:" in done.stderr

    private = {"id": "n", "connector": "feed", "urls": [url], "http": "allow"}
    karool.configure(sources=[private])
    karool.start()
    karool.logged("`local: true`")
    assert web.requests == [], "nobody was asked"
    karool.stop()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_within_the_origin_is_followed(daemon, web, status):
    web.answers["/old"] = lambda r: r.send(status=status, Location="/new")
    web.answers["/new"] = lambda r: r.send(fakes.rss("ромашка"))
    karool = daemon(sources=[feed("news", f"{web.base}/old")]).start()
    Topics(karool.bootstrap).wait_for_flagged(1)
