"""A fake of VK's wall.get that keeps the ledger of all it published.

It behaves as VK does where pollers lose posts: errors under HTTP 200, the
pinned post first, pages by offset that shift while they are read because
posts come and go. It is stateful and speaks TLS, as a token needs.
"""

import random
import threading
import time
import urllib.parse

OWNER = -777
ERRORS = {
    5: "User authorization failed: invalid access_token.",
    6: "Too many requests per second",
    10: "Internal server error",
    15: "Access denied: wall is disabled",
    100: "One of the parameters specified was missing or invalid",
}


class Wall:
    """Use it as web.answers["/method/wall.get"]."""

    def __init__(self, token, seed=1):
        self.token = token
        self.lock = threading.Lock()
        self.random = random.Random(seed)
        self.posts = []  # the newest first
        self.published = {}  # the ledger: id to text
        self.deleted = set()
        self.calls = 0
        self.pages = 0  # answered with posts
        self.tokens_seen = []
        self.pinned = None
        self.between_pages = None  # called with the wall after each page
        self.error_every = 0
        self.begin = int(time.time()) - 3600

    # --- What happens on the wall ---

    def publish(self, count=1, word="роза"):
        made = []
        with self.lock:
            for _ in range(count):
                number = len(self.published) + 1
                post = {
                    "id": number,
                    "owner_id": OWNER,
                    "from_id": OWNER,
                    "date": self.begin + number,
                    "text": f"{word} номер {number}",
                    "post_type": "post",
                    "marked_as_ads": 0,
                    "signer_name": "Planted Signer",
                    "comments": {"count": 0},
                    "likes": {"count": number % 7},
                    "reposts": {"count": 0},
                    "views": {"count": 10},
                }
                self.published[number] = post["text"]
                self.posts.insert(0, post)
                made.append(number)
        return made

    def edit(self, number, text):
        with self.lock:
            for post in self.posts:
                if post["id"] == number:
                    post.update(text=text, edited=int(time.time()))
            self.published[number] = text

    def delete(self, count):
        """Of the newest, so that what follows shifts back."""
        with self.lock:
            for _ in range(count):
                at = self.random.randrange(min(20, len(self.posts)))
                if self.posts[at]["id"] != self.pinned:
                    self.deleted.add(self.posts.pop(at)["id"])

    def pin(self, number):
        self.pinned = number

    # --- What it answers ---

    def __call__(self, request):
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        form.update(urllib.parse.parse_qsl(request.path.partition("?")[2]))
        given = request.headers.get("Authorization", "")
        given = given.removeprefix("Bearer ") or form.get("access_token", "")
        self.calls += 1
        self.tokens_seen.append(given)
        if given != self.token:
            return self.error(request, 5)
        if self.error_every and self.calls % self.error_every == 0:
            return self.error(request, 6)
        if "v" not in form or "domain" not in form:
            return self.error(request, 100)
        if form["domain"] == "closed":
            return self.error(request, 15)
        with self.lock:
            page = self.page(int(form["offset"] or 0) if "offset" in form else 0,
                             min(int(form.get("count", 20)), 100))  # fmt: skip
        request.send_json({"response": page})
        self.pages += 1
        if self.between_pages:
            self.between_pages(self)

    def page(self, offset, count):
        order = sorted(self.posts, key=lambda p: p["id"] != self.pinned)
        items = [
            {**p, "is_pinned": 1} if p["id"] == self.pinned else p
            for p in order[offset : offset + count]
        ]
        return {"count": len(order), "items": items}

    def error(self, request, code):
        request.send_json(
            {
                "error": {
                    "error_code": code,
                    # It repeats the question, token and all.
                    "error_msg": f"{ERRORS[code]} {self.tokens_seen[-1]}",
                    "request_params": [
                        {"key": "access_token", "value": self.tokens_seen[-1]}
                    ],
                }
            }
        )
