"""The built program, and a small dictionary of placeholder words."""

import os
import pathlib
import shutil
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]

def program():
    if "KAROOL" in os.environ:
        return pathlib.Path(os.environ["KAROOL"])
    built = sorted(
        SOURCE.glob("build/*/karool"), key=lambda path: path.stat().st_mtime
    )
    if not built:
        pytest.exit("build karool first: cmake --build build/debug", 2)
    return built[-1]


@pytest.fixture(scope="session")
def karool():
    """Runs the program: text or bytes in, text out."""
    path = program()

    def run(*arguments, stdin="", **environment):
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = subprocess.run(
            [path, *map(str, arguments)],
            input=data,
            capture_output=True,
            timeout=60,
            env={"PATH": "/usr/bin:/bin", "TERM": "xterm", **environment},
        )
        done.stdout = done.stdout.decode()
        done.stderr = done.stderr.decode()
        return done

    run.path = path
    run.source = SOURCE
    return run


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "rules"
    shutil.copytree(SOURCE / "tests/data/flowers", folder)
    return folder
