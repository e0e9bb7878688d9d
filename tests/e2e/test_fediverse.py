"""A real fediverse server, with posts made through its own API."""

import time

from topics import Topics, check_once

NAMES = ("alice", "bermet")


def source(snac, id="fediverse", **more):
    return {
        "id": id,
        "connector": "mastodon",
        "instance": snac.base,
        "timelines": ["public"],
        "every": "1s",
        "start": "beginning",
        "http": "allow",
        "local": True,
        **more,
    }


def stored_ids(uris):
    return {f"mastodon:{uri}" for uri in uris}


def post_many(snac, count, text="гүл"):
    """As fast as it takes them: many in one second."""
    return [
        snac.post(f"{text} {n}", user=NAMES[n % 2])["uri"] for n in range(count)
    ]


def test_posts_of_one_second_are_all_stored_once(daemon, snac):
    """More than a page, before and while the daemon polls."""
    uris = post_many(snac, 60)
    karool = daemon(sources=[source(snac)]).start()
    topics = Topics(karool.bootstrap)
    topics.wait_for_posts(60)
    uris += post_many(snac, 90, "роза")
    posts = topics.wait_for_posts(150)
    check_once(posts)
    assert {post["id"] for post in posts} == stored_ids(uris)
    seconds = [post["created_at"] for post in posts]
    most = max(seconds.count(one) for one in set(seconds))
    assert most > 40, "more than a page in one second"
    post = posts[0]
    assert post["network"] == "mastodon" and post["kind"] == "post"
    assert post["author"]["id"].startswith("h1:")
    karool.stop()


def test_nothing_is_lost_or_repeated_across_restarts(daemon, snac, kafka):
    karool = daemon(
        brokers=kafka.bootstrap,
        kafka={"partitions": 3},
        sources=[
            source(snac),
            source(snac, "by-name", timelines=[], accounts=["alice"]),
        ],
    )
    uris = post_many(snac, 50)
    for number in range(3):
        karool.start()
        karool.logged("cursor records read")
        uris += post_many(snac, 15, "ромашка")
        if number == 1:
            time.sleep(0.5)
            karool.kill()
        else:
            Topics(kafka.bootstrap).wait_for_posts(
                50 if number == 0 else len(uris), "fediverse"
            )
            uris += post_many(snac, 5)
            karool.stop()
        uris += post_many(snac, 15)
    karool.start()
    topics = Topics(kafka.bootstrap)
    posts = topics.wait_for_posts(len(uris), "fediverse")
    # A poll or two more, which must bring nothing.
    time.sleep(2.5)
    posts = topics.posts("fediverse")
    karool.stop()
    check_once(posts)
    assert {post["id"] for post in posts} == stored_ids(uris)
    own = topics.posts("by-name")
    check_once(own)
    assert {post["id"] for post in own} <= stored_ids(uris)
    events = topics.flagged()
    assert len({event["post"]["id"] for event in events}) == 45
    topics.check_all()


def test_an_edit_is_a_new_version_of_the_same_post(daemon, snac):
    first = snac.post("бир гүл")
    others = post_many(snac, 3)
    karool = daemon(sources=[source(snac)]).start()
    topics = Topics(karool.bootstrap)
    topics.wait_for_posts(4)
    time.sleep(1.1)  # its times have seconds only, its ids begin with them
    edited = snac.edit(first["id"], "эки тюльпан")
    assert edited["uri"] == first["uri"]
    posts = topics.wait_for_posts(5, seconds=90)
    ((old, new),) = [
        (a, b)
        for a in posts
        for b in posts
        if a["id"] == b["id"] and a["version"] != b["version"]
        and a["version"] is None
    ]  # fmt: skip
    assert old["id"] == f"mastodon:{first['uri']}"
    assert (old["text"], new["text"]) == ("бир гүл", "эки тюльпан")
    assert new["edited_at"] and new["version"] == edited["edited_at"]
    (event,) = topics.wait_for_flagged(1)
    assert event["post"]["version"] == new["version"]
    assert {p["id"] for p in posts} == stored_ids([first["uri"], *others])
    check_once(posts)


def test_markup_of_users_becomes_plain_text(daemon, snac):
    texts = {
        "**жирный** тюльпан": "жирный тюльпан",
        "<script>alert(1)</script> ромашка": None,
        "<b>тюль</b>пан": None,
        "a &amp; b < c": None,
        "первая\nвторая": "первая\nвторая",
        "see https://example.org/a?b=c&d=e": "see https://example.org/a?b=c&d=e",
    }
    uris = {snac.post(text)["uri"]: text for text in texts}
    karool = daemon(sources=[source(snac)]).start()
    topics = Topics(karool.bootstrap)
    for post in topics.wait_for_posts(len(texts)):
        wanted = texts[uris[post["id"].removeprefix("mastodon:")]]
        assert wanted in (None, post["text"])
        for tag in ("<b>", "</b>", "<br>", "<a ", "<script>alert"):
            assert tag not in post["text"] or tag in wanted
    flagged = {e["post"]["text"] for e in topics.wait_for_flagged(1)}
    assert "жирный тюльпан" in flagged


def test_an_account_is_looked_up_and_its_posts_alone_are_stored(daemon, snac):
    post_many(snac, 10)
    own = source(snac, timelines=[], accounts=["bermet"])
    karool = daemon(sources=[own]).start()
    topics = Topics(karool.bootstrap)
    topics.wait_for_posts(5)
    late = snac.post("дагы бир гүл", user="bermet")["uri"]
    posts = topics.wait_for_posts(6)
    assert f"mastodon:{late}" in {post["id"] for post in posts}
    assert all("/bermet/" in post["id"] for post in posts)
    assert len({post["author"]["id"] for post in posts}) == 1
    assert karool.command("poll", "fediverse").stdout.count("\n") >= 5


def test_a_token_is_sent_over_tls_and_seen_nowhere(
    daemon, snac, nginx, certificates
):
    """snac behind nginx, which speaks TLS."""
    proxy = nginx(upstream=snac.host)
    token = snac.tokens["alice"]
    post_many(snac, 4, "тюльпан")
    with_token = source(snac, token={"secret": "FEDIVERSE_TOKEN"})
    with_token["instance"] = proxy.tls_base
    environment = {**certificates.environment, "FEDIVERSE_TOKEN": token}
    karool = daemon(sources=[with_token], environment=environment, log="debug")
    done = karool.command("poll", "fediverse")
    assert done.returncode == 0 and done.stdout.count("\n") == 4
    assert token not in done.stdout + done.stderr
    karool.start()
    topics = Topics(karool.bootstrap)
    topics.wait_for_flagged(4)
    assert token.encode() not in topics.everything()

    karool.environment["FEDIVERSE_TOKEN"] = "wrong-" + token[::-1]
    karool.stop()
    assert token not in karool.log()


def test_a_secret_never_goes_over_plain_http(daemon, snac):
    with_token = source(snac, token={"secret": "FEDIVERSE_TOKEN"})
    environment = {"FEDIVERSE_TOKEN": snac.tokens["alice"]}
    karool = daemon(sources=[with_token], environment=environment).start()
    karool.logged("a secret is never sent over plain HTTP")
    assert snac.tokens["alice"] not in karool.log()


def test_a_server_that_comes_later_is_polled_then(daemon, snac):
    """Restarted meanwhile: its cursor stands."""
    uris = post_many(snac, 5)
    karool = daemon(sources=[source(snac)]).start()
    topics = Topics(karool.bootstrap)
    topics.wait_for_posts(5)
    snac.process.kill()
    snac.process.wait()
    karool.logged("next try in")
    snac.start()
    uris += post_many(snac, 5)
    posts = topics.wait_for_posts(10)
    karool.logged("works again")
    check_once(posts)
    assert {post["id"] for post in posts} == stored_ids(uris)
