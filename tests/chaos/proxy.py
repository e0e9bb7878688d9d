"""A line between Karool and its broker that can be cut and made slow, or that
swallows what ends a transaction.

A broker tells its clients where it is, so it must advertise the line's port:
broker_behind() makes one that does.
"""

import contextlib
import select
import socket
import threading
import time

from broker import Broker, free_ports

END_TXN = 26  # as Kafka numbers its requests


def broker_behind(line, folder, version=None):
    """Karool's side of the broker is the line, the tests' side is direct."""
    direct, near = free_ports(2)
    settings = {
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{direct},"
        f"LINE://127.0.0.1:{line.port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,LINE:PLAINTEXT,"
        "CONTROLLER:PLAINTEXT",
    }
    broker = Broker(folder, settings=settings, version=version)
    node = broker.nodes[0]
    settings["listeners"] = (
        f"PLAINTEXT://127.0.0.1:{direct},LINE://127.0.0.1:{near},"
        f"CONTROLLER://127.0.0.1:{node.controller_port}"
    )
    node.port = direct
    line.target = near
    return broker


class Line:
    """Carries connections from a port of its own to another port."""

    def __init__(self, port=0):
        self.listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.target = None
        self.delay = 0.0
        self.whole = threading.Event()
        self.whole.set()
        self.closing = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.closing:
            with contextlib.suppress(OSError):
                near, _ = self.listener.accept()
                if not self.whole.is_set():
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.target), 5)
                threading.Thread(
                    target=self.carry, args=(near, far), daemon=True
                ).start()

    def carry(self, near, far):
        pairs = {near: far, far: near}
        with near, far, contextlib.suppress(OSError):
            for one in pairs:
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not self.closing:
                ready, _, _ = select.select(list(pairs), [], [], 0.5)
                if not ready:
                    continue
                # A line that is cut says nothing: what is on it waits.
                self.whole.wait()
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return
                    if self.delay:
                        time.sleep(self.delay)
                    pairs[one].sendall(self.passed(one, near, data))

    def passed(self, one, near, data):
        """What goes on of what came from one side."""
        return data

    def cut(self):
        self.whole.clear()

    def mend(self):
        self.whole.set()

    def close(self):
        self.closing = True
        self.whole.set()
        self.listener.close()


class SwallowingLine(Line):
    """Of the transactional ids that contain a key of `wanted`, the next request
    to end a transaction does not arrive, or its answer does not: `wanted` says
    "request" or "answer"."""

    def __init__(self, port=0):
        self.wanted = {}
        self.rests = {}
        self.unanswered = {}
        super().__init__(port)

    def passed(self, one, near, data):
        """Frames are whole: their length, then so many bytes."""
        data = self.rests.pop(one, b"") + data
        out = b""
        while len(data) >= 4:
            end = 4 + int.from_bytes(data[:4], "big")
            if len(data) < end:
                break
            frame, data = data[:end], data[end:]
            arrives = self.goes if one is near else self.comes
            if arrives(near, frame):
                out += frame
        self.rests[one] = data
        return out

    def goes(self, near, frame):
        if int.from_bytes(frame[4:6], "big") != END_TXN:
            return True
        for part in list(self.wanted):
            if part.encode() in frame:
                what = self.wanted.pop(part)
                self.unanswered.setdefault(near, set()).add(frame[8:12])
                return what == "answer"
        return True

    def comes(self, near, frame):
        return frame[4:8] not in self.unanswered.get(near, ())
