"""A certificate authority for tests, and a certificate for 127.0.0.1."""

import subprocess

NAMES = "subjectAltName=IP:127.0.0.1,DNS:localhost"


def openssl(*arguments):
    subprocess.run(
        ["openssl", *map(str, arguments)], check=True, capture_output=True
    )


class Certificates:
    def __init__(self, folder):
        self.authority = folder / "authority.pem"
        self.certificate = folder / "server.pem"
        self.key = folder / "server.key"
        key, request = folder / "authority.key", folder / "server.csr"
        openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=test authority", "-keyout", key,
            "-out", self.authority,
        )  # fmt: skip
        openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
            "-keyout", self.key, "-out", request,
        )  # fmt: skip
        names = folder / "names"
        names.write_text(NAMES)
        openssl(
            "x509", "-req", "-in", request, "-CA", self.authority,
            "-CAkey", key, "-CAcreateserial", "-days", "2",
            "-extfile", names, "-out", self.certificate,
        )  # fmt: skip

    @property
    def environment(self):
        return {"SSL_CERT_FILE": str(self.authority)}
