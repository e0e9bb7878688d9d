"""A small web server whose answers a test writes, well-behaved or not.

    web.answers["/rss"] = lambda request: request.send(body)

It keeps what it was asked: web.asked("/rss") gives the times.
"""

import http.server
import json
import socket
import ssl
import struct
import threading
import time


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        web = self.server.web
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        path = self.path.partition("?")[0]
        with web.lock:
            web.requests.append((time.monotonic(), path, dict(self.headers)))
        answer = web.answers.get(path)
        try:
            if answer is None:
                self.send(b"not here", status=404)
            else:
                answer(self)
        except OSError:
            self.close_connection = True  # the client went

    do_GET = do_POST = answer

    def send(self, body=b"", status=200, type="application/json", **headers):
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_json(self, value):
        self.send(json.dumps(value, ensure_ascii=False))

    def reset(self):
        """RST instead of FIN."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass


class Web:
    def __init__(self, certificates=None):
        self.answers = {}
        self.requests = []
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.server = Server(("127.0.0.1", 0), Request)
        self.server.web = self
        self.port = self.server.server_port
        scheme = "http"
        if certificates:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificates.certificate, certificates.key)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True
            )
        self.base = f"{scheme}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def asked(self, path):
        with self.lock:
            return [at for at, asked, _ in self.requests if asked == path]

    def headers(self, path):
        with self.lock:
            return [h for _, asked, h in self.requests if asked == path]

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def rss(*texts, about="news"):
    """A feed of these items, the newest first."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{about}-{number}</guid>"
        f"<title>{text}</title><link>https://news.example/{about}/{number}</link>"
        f"<description>{text}</description></item>"
        for number, text in reversed(list(enumerate(texts)))
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel>"
        f"<title>{about}</title>{items}</channel></rss>"
    )
