"""A network of networks that forgets nothing it ever published.

Three styles of API, by the ways in which pollers lose posts:

    forward     Mastodon's timeline: after an id, newest first in every page
    backward    a wall by offset: pages shift while they are read, a pinned
                post stands first, errors come under HTTP 200
    snapshot    a feed without an order to trust

It answers wrongly now and then: 503, half an answer, an error under 200, a
connection that breaks. `ledger()` is all that was ever published:
(source, post id, version) and whether the post is to be flagged. What it never
serves does not matter: everything is served in the end.
"""

import email.utils
import http.server
import json
import random
import re
import threading
import time
import urllib.parse
from typing import NamedTuple

WORD = "тюльпан"
FLOWERS = "у дома растёт {} и ещё трава"
FEED_WINDOW = 600
# A channel with so many posts that nobody asked for yet publishes no more: what
# a feed forgets, or a walk may not reach, would be no poller's fault.
AHEAD_MOST = 300


class Post(NamedTuple):
    number: int
    source: str
    id: str  # as in Karool's topics
    version: str | None
    native: str
    text: str
    flagged: bool
    created: float


class Channel:
    """What one source polls."""

    def __init__(self, source, style):
        self.source = source
        self.style = style
        self.posts = []
        self.waiting = set()  # numbers of posts that were not served yet

    def make(self, number, native, flagged):
        network = {"forward": "mastodon", "backward": "wall", "snapshot": "feed"}
        word = WORD if flagged else "кактус"
        return Post(
            number,
            self.source,
            f"{network[self.style]}:{native}",
            None,
            native,
            f"{FLOWERS.format(word)} № {number}",
            flagged,
            time.time(),
        )


class Network:
    def __init__(self, channels, faults=0.03, seed=1):
        self.channels = {name: Channel(name, style) for name, style in channels}
        self.faults = faults
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.number = 0
        self.served = {}  # post number to the time of its first whole answer
        self.stopping = threading.Event()
        self.publisher = None
        network = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                network.answer(self)

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128

            def handle_error(self, request, address):
                pass  # a poller that was killed

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    # --- publishing ---

    def publish(self, count=1):
        with self.lock:
            for _ in range(count):
                self.publish_one()

    def publish_one(self):
        channel = self.random.choice(list(self.channels.values()))
        if len(channel.waiting) >= AHEAD_MOST:
            return
        flagged = self.random.random() < 0.3
        self.number += 1
        native = f"{self.number:018d}"
        if channel.style == "forward":
            native = f"http://127.0.0.1/posts/{native}"
        elif channel.style == "backward":
            native = f"{channel.source}-{self.number}"
        post = channel.make(self.number, native, flagged)
        channel.posts.append(post)
        channel.waiting.add(post.number)
        # Now and then the same post on two channels: two sources see it.
        if channel.style == "forward" and self.random.random() < 0.1:
            others = [
                other
                for other in self.channels.values()
                if other.style == "forward" and other is not channel
            ]
            if others:
                other = self.random.choice(others)
                other.posts.append(post._replace(source=other.source))
                other.waiting.add(post.number)

    def start(self, posts_a_second):
        def run():
            while not self.stopping.wait(0.1):
                self.publish(max(1, round(posts_a_second / 10)))

        self.stopping.clear()
        self.publisher = threading.Thread(target=run, daemon=True)
        self.publisher.start()

    def stop(self):
        """No more posts; all there are stay to be asked for."""
        self.stopping.set()
        if self.publisher:
            self.publisher.join()

    def close(self):
        self.stop()
        self.server.shutdown()
        self.server.server_close()

    def ledger(self):
        with self.lock:
            return [
                post for channel in self.channels.values() for post in channel.posts
            ]

    # --- answering ---

    def answer(self, request):
        address = urllib.parse.urlsplit(request.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        name = address.path.rsplit("/", 1)[-1]
        with self.lock:
            channel = self.channels.get(name)
            fault = self.random.random() < self.faults
            kind = self.random.choice(["503", "half", "error", "reset"])
            if channel:
                posts, body, content = getattr(self, channel.style)(channel, query)
        if not channel:
            return self.send(request, 404, b"{}", "application/json")
        if fault and kind == "503":
            return self.send(request, 503, b"busy", "text/plain")
        if fault and kind == "error" and channel.style == "backward":
            body = json.dumps({"error": {"code": 6}}).encode()
            return self.send(request, 200, body, content)
        if fault and kind == "half":
            request.send_response(200)
            request.send_header("Content-Type", content)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body[: len(body) // 2])
            request.close_connection = True
            return None
        if fault and kind == "reset":
            request.close_connection = True
            return None
        self.send(request, 200, body, content)
        now = time.time()
        with self.lock:
            for post in posts:
                self.served.setdefault(post.number, now)
                channel.waiting.discard(post.number)
        return None

    def send(self, request, status, body, content):
        request.send_response(status)
        request.send_header("Content-Type", content)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
        request.wfile.flush()

    def forward(self, channel, query):
        limit = int(query.get("limit", 20))
        posts = channel.posts
        if query.get("max_id"):
            posts = [p for p in posts if p.number < int(query["max_id"])]
        if query.get("min_id"):
            posts = [p for p in posts if p.number > int(query["min_id"])][:limit]
        page = posts[-limit:][::-1]
        body = [
            {
                "id": f"{post.number:018d}",
                "uri": post.native,
                "created_at": time.strftime(
                    "%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(post.created)
                ),
                "edited_at": None,
                "content": f"<p>{post.text}</p>",
                "language": "ru",
                "url": post.native,
                "account": {"acct": "anna", "url": "http://127.0.0.1/@anna"},
            }
            for post in page
        ]
        return page, json.dumps(body).encode(), "application/json"

    def backward(self, channel, query):
        offset, count = int(query.get("offset") or 0), int(query["count"])
        newest = channel.posts[::-1]
        pinned = channel.posts[:1]  # the oldest stands first as well
        page = (pinned + newest)[offset : offset + count]
        items = [
            {
                "id": post.native,
                "pinned": post in pinned and place == 0 and offset == 0,
                "date": int(post.created),
                "text": post.text,
            }
            for place, post in enumerate(page)
        ]
        return page, json.dumps({"items": items}).encode(), "application/json"

    def snapshot(self, channel, query):
        page = channel.posts[-FEED_WINDOW:]
        page = self.random.sample(page, len(page))
        items = "".join(
            f"<item><guid isPermaLink='false'>{post.native}</guid>"
            f"<title>{post.text}</title>"
            f"<pubDate>{email.utils.formatdate(post.created)}</pubDate></item>"
            for post in page
        )
        body = f"<rss version='2.0'><channel><title>n</title>{items}</channel></rss>"
        return page, body.encode(), "application/rss+xml"


def sources(network, every="1s"):
    """The same as Karool's configuration has them."""
    base = f"http://127.0.0.1:{network.port}"
    texts = []
    for name, channel in network.channels.items():
        special = {
            "forward": f"connector: mastodon\n    instance: {base}\n"
            f"    tags: [{name}]",
            "backward": f"connector: wall\n    base: {base}\n    walls: [{name}]",
            "snapshot": f"connector: feed\n    urls: ['{base}/{name}']",
        }[channel.style]
        texts.append(
            f"  - id: {name}\n    {special}\n    every: {every}\n"
            "    start: beginning\n    http: allow\n    local: true\n"
        )
    return "".join(texts)


def number_of(text):
    """The number of the post that a text or a cursor speaks of."""
    return int(re.findall(r"\d+", text)[-1])
