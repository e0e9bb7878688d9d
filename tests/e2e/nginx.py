"""nginx on loopback: files with ETag and gzip, limit_req, a TLS proxy."""

import os
import subprocess
from typing import NamedTuple

from kafka.broker import SOURCE, accepts, die_with_parent, free_ports
from waiting import wait_until

PROGRAM = SOURCE / "build/peers/root/usr/sbin/nginx"
CONFIG = """\
{user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 256; }}
http {{
    log_format fields '$msec $status $uri $bytes_sent "$http_if_none_match" '
                      '"$http_accept_encoding" "$sent_http_content_encoding" '
                      '"$http_user_agent"';
    access_log access.log fields;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    types {{ application/rss+xml rss; application/rdf+xml rdf;
             application/atom+xml atom; text/html html; }}
    gzip on;
    gzip_types *;
    gzip_min_length 1;
    limit_req_zone $binary_remote_addr zone=slow:1m rate=10r/m;
    limit_req_status 429;
    server {{
        listen 127.0.0.1:{port};
        root files;
        location /limited/ {{
            limit_req zone=slow;
            error_page 429 @wait;
        }}
        location @wait {{
            add_header Retry-After 7 always;
            return 429 "too fast";
        }}
    }}
    server {{
        listen 127.0.0.1:{tls_port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        location / {{
            proxy_pass {upstream};
            proxy_set_header Host {upstream_host};
        }}
    }}
}}
"""


class Access(NamedTuple):
    at: float
    status: int
    path: str
    if_none_match: str
    accept_encoding: str
    content_encoding: str
    user_agent: str


class Nginx:
    """`upstream` is host:port of what the TLS port stands for."""

    def __init__(self, folder, certificates, upstream="127.0.0.1:1"):
        if not PROGRAM.exists():
            raise FileNotFoundError(f"{PROGRAM}: run tests/peers/fetch first")
        self.folder = folder
        self.files = folder / "files"
        (self.files / "limited").mkdir(parents=True)
        self.port, self.tls_port = free_ports(2)
        self.base = f"http://127.0.0.1:{self.port}"
        self.tls_base = f"https://127.0.0.1:{self.tls_port}"
        (folder / "nginx.conf").write_text(
            CONFIG.format(
                # Else its workers are nobody, who may not read the files.
                user="user root;" if os.geteuid() == 0 else "",
                port=self.port,
                tls_port=self.tls_port,
                certificate=certificates.certificate,
                key=certificates.key,
                upstream=f"http://{upstream}",
                upstream_host=upstream,
            )
        )

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "-p", self.folder, "-c", "nginx.conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )
        wait_until(lambda: accepts(self.port), 20, "nginx answers")
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def put(self, name, content, encoding="utf-8"):
        """Replaces the file at once, as a well-behaved site does."""
        path = self.files / name
        fresh = path.with_suffix(".new")
        fresh.write_bytes(content.encode(encoding))
        fresh.replace(path)

    def accesses(self, path=None):
        log = self.folder / "access.log"
        found = []
        for line in log.read_text().splitlines() if log.exists() else []:
            plain, match, _, accept, _, content, _, agent, _ = line.split('"')
            at, status, uri, _ = plain.split()
            found.append(
                Access(float(at), int(status), uri, match, accept, content, agent)
            )
        return [a for a in found if path in (None, a.path)]
