"""A line between Karool and its broker that can be cut and made slow.

A broker tells its clients where it is, so it must advertise the line's port:
that is what `advertised` of a node is for.
"""

import contextlib
import select
import socket
import threading
import time


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
                    pairs[one].sendall(data)

    def cut(self):
        self.whole.clear()

    def mend(self):
        self.whole.set()

    def close(self):
        self.closing = True
        self.whole.set()
        self.listener.close()
