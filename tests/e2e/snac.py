"""snac2, a fediverse server in C, on loopback: the package of tests/peers.

Posts are made through its own API. Its ids are seconds and a hash: not
numbers, not sorted within a second. An edit changes the id; the uri stays.
"""

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from kafka.broker import SOURCE, die_with_parent, free_ports
from waiting import wait_until

PROGRAM = SOURCE / "build/peers/root/usr/bin/snac"
SETTINGS = {
    "protocol": "http",
    "title": "test",
    "min_account_age": 0,
    "show_instance_timeline": True,
    "disable_inbox_collection": True,
    "disable_email_notifications": True,
    # It delivers to itself: with its 4 threads posts stall for 6 s.
    "num_threads": 16,
    "queue_timeout": 2,
}


class Snac:
    def __init__(self, folder, users=("alice",)):
        if not PROGRAM.exists():
            raise FileNotFoundError(f"{PROGRAM}: run tests/peers/fetch first")
        self.folder = folder / "data"
        (self.port,) = free_ports(1)
        # Requests must name this host.
        self.host = f"127.0.0.1:{self.port}"
        self.base = f"http://{self.host}"
        self.log = open(folder / "snac.log", "ab")
        answers = f"127.0.0.1\n{self.port}\n{self.host}\n\n\n"
        self.run("init", self.folder, input=answers)
        server = self.folder / "server.json"
        settings = {**json.loads(server.read_text()), **SETTINGS}
        server.write_text(json.dumps(settings))
        self.passwords = {user: self.add_user(user) for user in users}
        self.process = None
        self.tokens = {}

    def run(self, *arguments, input=""):
        done = subprocess.run(
            [PROGRAM, *map(str, arguments)],
            input=input,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def add_user(self, user):
        said = self.run("adduser", self.folder, user)
        (line,) = [line for line in said.splitlines() if "password is" in line]
        return line.split("password is", 1)[1].strip(" .\r")

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "httpd", self.folder],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            preexec_fn=die_with_parent,
        )
        wait_until(self.answers, 30, "snac answers")
        for user, password in self.passwords.items():
            form = {"login": user, "passwd": password}
            answer = self.ask("POST", "/oauth/x-snac-get-token", form)
            self.tokens[user] = answer.decode().strip()
        return self

    def answers(self):
        try:
            self.ask("GET", "/api/v1/instance")
        except OSError:
            return False
        return True

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def ask(self, method, path, form=None, token=None):
        data = urllib.parse.urlencode(form).encode() if form else None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(
            self.base + path, data, headers, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    # --- As a user of it ---

    def post(self, text, user="alice", **form):
        """What the server says of the new post."""
        form = {"status": text, "visibility": "public", **form}
        return json.loads(
            self.ask("POST", "/api/v1/statuses", form, self.tokens[user])
        )

    def edit(self, id, text, user="alice"):
        path = f"/api/v1/statuses/{id}"
        return json.loads(
            self.ask("PUT", path, {"status": text}, self.tokens[user])
        )

    def timeline(self):
        return json.loads(self.ask("GET", "/api/v1/timelines/public?limit=40"))
