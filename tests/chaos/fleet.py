"""Several processes of karool on one broker, to be killed and started again."""

import os
import pathlib
import shutil
import signal
import subprocess
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]

CONFIG = """\
karool: config/1
campaign: chaos
brokers: {brokers}
rules: {rules}
connectors: {connectors}
state_directory: {state}
runtime_directory: {state}
kafka:
  partitions: {partitions}
{kafka}
screen: {{threads: {threads}}}
sources:
{sources}"""


class Process:
    def __init__(self, fleet, role, name):
        self.fleet = fleet
        self.role = role
        self.name = name
        self.program = fleet.program
        self.log = fleet.folder / f"{name}.log"
        self.environment = {}
        self.process = None

    def start(self):
        role = ["--role", self.role] if self.role else []
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "run", "-c", self.fleet.config, *role],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"], "TERM": "dumb", **self.environment},
            )

    def running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.running():
            self.process.kill()
            self.process.wait()

    def pause(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def resume(self):
        os.kill(self.process.pid, signal.SIGCONT)

    def stop(self, seconds=15):
        """In order, and its exit status."""
        self.process.terminate()
        return self.process.wait(seconds)

    def text(self):
        return self.log.read_text(errors="replace")


class Fleet:
    """As many processes of each role as told, with one configuration."""

    def __init__(
        self,
        folder,
        program,
        brokers,
        sources,
        ingest=2,
        screen=2,
        both=0,
        partitions=4,
        threads=1,
        kafka="",
    ):
        self.folder = pathlib.Path(folder)
        self.program = program
        self.config = self.folder / "karool.yaml"
        connectors = self.folder / "connectors"
        if not connectors.exists():
            shutil.copytree(SOURCE / "config/connectors", connectors)
            own = SOURCE / "tests/chaos/connectors"
            shutil.copytree(own, connectors, dirs_exist_ok=True)
        self.config.write_text(
            CONFIG.format(
                brokers=brokers,
                rules=SOURCE / "tests/data/flowers",
                connectors=connectors,
                state=self.folder / "state",
                partitions=partitions,
                threads=threads,
                kafka=kafka,
                sources=sources,
            )
        )
        self.processes = [
            Process(self, role, f"{role or 'both'}-{number}")
            for role, count in (("ingest", ingest), ("screen", screen), (None, both))
            for number in range(count)
        ]

    def of(self, role):
        return [process for process in self.processes if process.role == role]

    def start(self):
        for process in self.processes:
            if not process.running():
                process.start()
            # The first one makes the topics.
            if process is self.processes[0]:
                time.sleep(1)

    def revive(self):
        """Who ended by itself is started again, as a service manager would."""
        for process in self.processes:
            if not process.running():
                process.start()

    def kill(self):
        for process in self.processes:
            process.kill()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *problem):
        self.kill()
