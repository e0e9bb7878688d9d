"""A real Apache Kafka on loopback: one KRaft node, or several.

    with Broker(folder) as broker:
        broker.bootstrap        127.0.0.1:PORT, the same for its whole life
        broker.kill()           kill -9
        broker.start()          again in the same folder: it recovers
        broker.pause()          SIGSTOP: it takes connections, answers nothing
        broker.resume()
        broker.stop()           in order

Several nodes: Cluster(folder, nodes=3); cluster.nodes[1].kill().

The jars are those of tests/peers/fetch. Ports lie below the range from which
the kernel gives ports to clients, so that nobody takes one while its node is
down. A node dies with the thread that started it: start it on the main one.
"""

import base64
import contextlib
import ctypes
import fcntl
import os
import pathlib
import random
import signal
import socket
import subprocess
import time
import uuid

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PORTS = range(12000, 32000)
OPTIONS = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
)
SETTINGS = {
    "auto.create.topics.enable": "false",
    # A node that was killed is let in again after this time, not 9 s.
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 3000,
    "group.initial.rebalance.delay.ms": 0,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.num.partitions": 4,
}
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


def jars(version=None):
    """Where the jars of a version are: the pinned one, or one fetched beside."""
    folder = "kafka" if version is None else f"kafka-{version}"
    found = SOURCE / "build/peers" / folder / "lib"
    if not found.is_dir():
        raise FileNotFoundError(f"{found}: run tests/peers/fetch first")
    return found


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@contextlib.contextmanager
def choosing_ports():
    """Two runs on one machine do not choose the same ones."""
    with open("/tmp/karool-test-ports.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def free_ports(count):
    chosen = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        chosen.append(port)
        if len(chosen) == count:
            return chosen
    raise OSError("no port is free")


def accepts(port):
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(holds, seconds, what):
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            told = what() if callable(what) else what
            raise TimeoutError(f"not within {seconds} s: {told}")
        time.sleep(0.1)


class Node:
    """One process: a broker that is a controller too."""

    def __init__(self, cluster, number, port, controller_port):
        self.cluster = cluster
        self.number = number
        self.port = port
        self.controller_port = controller_port
        self.folder = cluster.folder / f"node{number}"
        self.properties = self.folder / "server.properties"
        self.log = self.folder / "kafka.log"
        self.environment = {}
        self.process = None

    def settings(self):
        copies = min(3, len(self.cluster.nodes))
        voters = ",".join(
            f"{node.number}@127.0.0.1:{node.controller_port}"
            for node in self.cluster.nodes
        )
        return {
            "process.roles": "broker,controller",
            "node.id": self.number,
            "controller.quorum.voters": voters,
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},"
            f"CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": self.folder / "data",
            "offsets.topic.replication.factor": copies,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": max(1, copies - 1),
            "default.replication.factor": copies,
            "min.insync.replicas": max(1, copies - 1),
            **SETTINGS,
            **self.cluster.settings,
        }

    def java(self, *arguments):
        classes = f"{self.cluster.jars}/*"
        heap = f"-Xmx{self.cluster.heap}"
        return ["java", heap, *OPTIONS, "-cp", classes, *map(str, arguments)]

    def format(self):
        if (self.folder / "data/meta.properties").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.properties.write_text(
            "".join(f"{key}={value}\n" for key, value in self.settings().items())
        )
        command = self.java(
            "kafka.tools.StorageTool", "format", "-t", self.cluster.id,
            "-c", self.properties, *self.cluster.format_options,
        )  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def launch(self):
        """Starts the process, and waits for nothing."""
        if self.running():
            raise RuntimeError(f"node {self.number} runs already")
        self.format()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.java("kafka.Kafka", self.properties),
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
            )

    def start(self, seconds=90):
        self.launch()
        self.wait_open(seconds)

    def wait_open(self, seconds=90):
        def opened():
            if not self.running():
                end = self.log.read_text(errors="replace")[-4000:]
                raise RuntimeError(f"node {self.number} ended:\n{end}")
            return accepts(self.port)

        wait_until(opened, seconds, f"node {self.number} accepts connections")

    def running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.running():
            self.process.kill()
            self.process.wait()

    def terminate(self):
        if self.running():
            self.process.terminate()
            self.resume()

    def stop(self, seconds=20):
        """In order; killed when that takes too long."""
        self.terminate()
        if not self.running():
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def pause(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def resume(self):
        if self.running():
            os.kill(self.process.pid, signal.SIGCONT)


class Cluster:
    def __init__(
        self,
        folder,
        nodes=1,
        settings=None,
        heap="768m",
        version=None,
        format_options=(),
    ):
        self.folder = pathlib.Path(folder)
        self.settings = settings or {}
        self.heap = heap
        self.jars = jars(version)
        self.format_options = format_options
        # After an A: an id that begins with a dash would be taken for an option.
        self.id = "A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]
        with choosing_ports():
            ports = free_ports(2 * nodes)
        self.nodes = []
        for number in range(1, nodes + 1):
            self.nodes.append(Node(self, number, ports.pop(), ports.pop()))

    @property
    def bootstrap(self):
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def start(self, seconds=90):
        """Starts the nodes that do not run, and waits until all answer."""
        for node in self.nodes:
            if not node.running():
                node.launch()
        for node in self.nodes:
            node.wait_open(seconds)
        wait_until(self.answers, seconds, "all nodes are in the metadata")

    def answers(self):
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient

        settings = {"bootstrap.servers": self.bootstrap, "log_level": 0}
        try:
            known = AdminClient(settings).list_topics(timeout=3)
        except KafkaException:
            return False
        return len(known.brokers) == len(self.nodes)

    def kill(self):
        for node in self.nodes:
            node.kill()

    def stop(self):
        for node in self.nodes:
            node.terminate()
        for node in self.nodes:
            node.stop()

    def pause(self):
        for node in self.nodes:
            node.pause()

    def resume(self):
        for node in self.nodes:
            node.resume()

    def restart(self, seconds=90):
        """kill -9, and up again."""
        self.kill()
        self.start(seconds)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *problem):
        self.kill()


class Broker(Cluster):
    """One node."""

    def __init__(self, folder, **options):
        super().__init__(folder, nodes=1, **options)

    @property
    def port(self):
        return self.nodes[0].port
