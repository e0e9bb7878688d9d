"""`karool run` as a process: its configuration, its log, its end."""

import json
import os
import shutil
import signal
import subprocess
import time

from waiting import wait_until

DEFAULTS = {
    "karool": "config/1",
    "campaign": "test",
    "brokers": "embedded",
    "rules": "rules",
    "connectors": "connectors",
    "state_directory": "state",
    "runtime_directory": "run",
}
# What a sanitiser says when it is on; nothing when it is not.
SANITISERS = ("AddressSanitizer", "LeakSanitizer", "runtime error:")


class Daemon:
    """A folder with a configuration, and the process that runs with it."""

    def __init__(self, program, source, folder, config, environment=None):
        self.program = program
        self.folder = folder
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "ASAN_OPTIONS": "detect_leaks=1",
            **(environment or {}),
        }
        self.path = folder / "karool.yaml"
        self.log_path = folder / "log"
        self.process = None
        if not (folder / "rules").exists():
            shutil.copytree(source / "tests/data/flowers", folder / "rules")
        if not (folder / "connectors").exists():
            shutil.copytree(source / "config/connectors", folder / "connectors")
        self.configure(**config)

    def configure(self, **config):
        """JSON is YAML."""
        self.config = {**DEFAULTS, **config}
        text = json.dumps(self.config, ensure_ascii=False, indent=1)
        self.path.write_text(text)

    # --- The process ---

    def start(self, *arguments):
        with open(self.log_path, "ab") as log:
            self.log_begin = log.tell()
            self.process = subprocess.Popen(
                [self.program, "run", "-c", self.path, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
            )
        return self

    def running(self):
        return self.process is not None and self.process.poll() is None

    def send(self, number):
        self.process.send_signal(number)

    def kill(self):
        if self.running():
            self.process.kill()
            self.process.wait()

    def stop(self, number=signal.SIGTERM, seconds=5):
        """Ends it as an operator would; how long that took."""
        began = time.monotonic()
        self.send(number)
        try:
            status = self.process.wait(seconds + 10)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("it does not end:\n" + self.log()) from None
        took = time.monotonic() - began
        assert status == 0, f"status {status}:\n" + self.log()
        assert took < seconds, f"{took:.1f} s to end:\n" + self.log()
        return took

    def end(self):
        """Whatever state it is in; tells what a sanitiser found."""
        if self.running():
            self.send(signal.SIGCONT)
            self.kill()
        text = self.log(everything=True)
        for word in SANITISERS:
            assert word not in text, text

    # --- What it says ---

    def log(self, everything=False):
        if not self.log_path.exists():
            return ""
        with open(self.log_path, "rb") as log:
            log.seek(0 if everything else self.log_begin)
            return log.read().decode(errors="replace")

    def wait_for(self, holds, what, seconds=60):
        def alive_and_holds():
            assert self.running(), "it ended:\n" + self.log()
            return holds()

        return wait_until(
            alive_and_holds, seconds, lambda: f"{what}\n{self.log()[-6000:]}"
        )

    def logged(self, text, seconds=60):
        self.wait_for(lambda: text in self.log(), f"log: {text}", seconds)

    def lines_with(self, text):
        return [line for line in self.log().splitlines() if text in line]

    @property
    def bootstrap(self):
        """Where its broker is: of the embedded one, what it noted."""
        if self.config["brokers"] != "embedded":
            return self.config["brokers"]
        noted = self.folder / "run/brokers"
        self.wait_for(noted.exists, "it notes its broker's address")
        return noted.read_text().strip()

    # --- Other commands with the same configuration ---

    def command(self, name, *arguments, seconds=60):
        done = subprocess.run(
            [self.program, name, "-c", self.path, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            env=self.environment,
        )
        done.stdout = done.stdout.decode()
        done.stderr = done.stderr.decode()
        return done

    def spawn(self, name, *arguments):
        return subprocess.Popen(
            [self.program, name, "-c", self.path, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self.environment, **os.environ, "NO_COLOR": "1"},
            text=True,
        )
