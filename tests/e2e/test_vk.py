"""VK walls: the ledger of the fake against what is stored."""

import time

import pytest
from topics import Topics, check_once
from vk import OWNER, Wall
from waiting import wait_until

TOKEN = "planted-token-5f3c9e1b7a"


@pytest.fixture
def wall(secure_web):
    wall = Wall(TOKEN)
    secure_web.answers["/method/wall.get"] = wall
    return wall


def source(web, id="wall", **more):
    return {
        "id": id,
        "connector": "vk",
        "communities": ["gardens"],
        "api": web.base,
        "token": {"secret": "VK_TOKEN"},
        "every": "1s",
        "start": "beginning",
        "local": True,
        **more,
    }


def environment(certificates):
    return {**certificates.environment, "VK_TOKEN": TOKEN}


def post_ids(numbers):
    return {f"vk:wall{OWNER}_{number}" for number in numbers}


def check_ledger(wall, posts):
    """0 lost, 0 twice; a post that was deleted may have been seen or not."""
    check_once(posts)
    stored = {post["id"] for post in posts}
    lost = post_ids(set(wall.published) - wall.deleted) - stored
    assert not lost, f"{len(lost)} lost: {sorted(lost)[:5]}"
    assert stored <= post_ids(wall.published)
    for post in posts:
        number = int(post["id"].rsplit("_", 1)[1])
        assert post["text"] == wall.published[number]


def shift(wall):
    """Seven come, one goes, until there are 380."""
    if len(wall.published) < 380:
        wall.publish(7)
        wall.delete(1)


def settle(wall, polls=3):
    """Until it has been asked that often while nothing happens."""
    asked = wall.pages
    wait_until(lambda: wall.pages >= asked + polls, 90, "it is polled on")


def test_nothing_is_lost_or_repeated_while_pages_shift(
    daemon, secure_web, wall, certificates
):
    """Arrivals, deletions, a pinned post first, every fifth call refused."""
    wall.publish(230)
    wall.pin(5)
    wall.error_every = 5
    wall.between_pages = shift
    karool = daemon(
        sources=[source(secure_web)], environment=environment(certificates)
    ).start()
    karool.wait_for(lambda: len(wall.published) >= 380, "the wall grows", 120)
    wall.between_pages = None
    settle(wall)
    topics = Topics(karool.bootstrap)
    topics.wait_for_posts(len(wall.published) - len(wall.deleted))
    settle(wall, 1)
    check_ledger(wall, topics.posts())
    karool.logged("too many requests")
    assert wall.deleted and set(wall.tokens_seen) == {TOKEN}
    topics.check_all()
    karool.stop()


def test_kills_between_pages_lose_and_repeat_nothing(
    daemon, secure_web, wall, certificates, kafka
):
    """kill -9 in the middle of walks of several pages, on a real Kafka."""
    wall.publish(500)
    wall.pin(17)
    karool = daemon(
        brokers=kafka.bootstrap,
        kafka={"partitions": 3},
        sources=[source(secure_web)],
        environment=environment(certificates),
    )
    for pages in (2, 3, 1):
        wall.between_pages = lambda wall: (wall.publish(3), wall.delete(1))
        asked = wall.pages
        karool.start()
        karool.wait_for(lambda: wall.pages >= asked + pages, "pages", 90)
        karool.kill()
        wall.between_pages = None
        wall.publish(120)
    karool.start()
    topics = Topics(kafka.bootstrap)
    wall.publish(5, "тюльпан")
    settle(wall, 12)
    topics.wait_for_posts(len(wall.published) - len(wall.deleted), seconds=90)
    check_ledger(wall, topics.posts())
    assert len(topics.wait_for_flagged(5)) == 5
    topics.check_all()
    karool.stop()


def test_the_token_appears_nowhere(daemon, secure_web, wall, certificates):
    """Not where it is accepted, and not where VK repeats it in its error."""
    wall.publish(5, "ромашка")
    karool = daemon(
        sources=[
            source(secure_web),
            source(secure_web, "shut", communities=["closed"]),
        ],
        environment=environment(certificates),
        log="debug",
        rejected="keep",
        privacy={"raw": "keep"},
    )
    said = []
    for name in ("wall", "shut"):
        done = karool.command("poll", name)
        said += [done.stdout, done.stderr]
    for arguments in (("check",), ("check", "--json")):
        done = karool.command(*arguments)
        said += [done.stdout, done.stderr]
    karool.start()
    topics = Topics(karool.bootstrap)
    topics.wait_for_flagged(5)
    karool.logged("VK does not show this wall")
    karool.logged(": Access denied: wall is disabled")
    wall.token = "another-" + TOKEN[::-1]  # from now on ours is refused
    karool.logged("VK refused the token", 60)
    done = karool.command("reload")
    said += [done.stdout, done.stderr]
    assert karool.lines_with("stopped:"), "a person must mend it"
    karool.stop()
    said.append(karool.log(everything=True))
    assert TOKEN not in "\n".join(said)
    for path in (karool.folder / "state").rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes()


def test_the_token_appears_in_no_topic(
    daemon, secure_web, wall, certificates, shared_kafka
):
    wall.publish(5, "ромашка")
    karool = daemon(
        brokers=shared_kafka.bootstrap,
        campaign="token",
        sources=[source(secure_web)],
        environment=environment(certificates),
        privacy={"raw": "keep"},
        rejected="keep",
    ).start()
    topics = Topics(karool.bootstrap, "token")
    topics.wait_for_flagged(5)
    karool.stop()
    found = topics.everything()
    assert b"wall-777_5" in found and TOKEN.encode() not in found


def test_an_edit_is_a_new_version(daemon, secure_web, wall, certificates):
    wall.publish(10)
    karool = daemon(
        sources=[source(secure_web)], environment=environment(certificates)
    ).start()
    topics = Topics(karool.bootstrap)
    topics.wait_for_posts(10)
    wall.edit(9, "теперь тюльпан")
    (event,) = topics.wait_for_flagged(1)
    assert event["post"]["id"] == f"vk:wall{OWNER}_9"
    assert event["post"]["version"]
    time.sleep(2)
    posts = topics.posts()
    check_once(posts)
    assert len(posts) == 11
