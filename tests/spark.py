"""A Spark Connect server for tests: one for the whole run, whichever process asks first.

The server is the full distribution, which `make` puts beside the gateway's environment where the
machine has Java; the gateway itself talks to it through the thin client that it ships with.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HOME = Path(sys.prefix) / "spark" / "pyspark"
"""Where `make` puts the server."""
START_SECONDS = 120.0
SETTINGS = {
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.ui.retainedExecutions": "10",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.log.level": "ERROR",
    "spark.sql.codegen.cache.maxEntries": "1000",
}
"""Small and quiet. None of them changes what a query means."""
CLUSTER = "local-cluster[2,1,2048]"
"""A master with two executors, each a process of its own with one core."""
EXECUTORS = {"spark.executor.memory": "2g", "spark.sql.shuffle.partitions": "4"}


def missing() -> str:
    """Why no server can be started here; empty where one can."""
    if shutil.which("java") is None:
        return "no java: on Debian, apt-get install default-jre-headless"
    if not (HOME / "jars").is_dir():
        return "no Spark server in this environment: make .venv/.spark"
    return ""


@contextmanager
def spark_server(
    folder: Path, *, master: str = "local[2]", settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Start a server that keeps its files in `folder`; its address, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chosen = {
        **SETTINGS,
        "spark.connect.grpc.binding.port": str(port),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "scratch"),
        **(settings or {}),
    }
    command = [str(HOME / "bin" / "spark-submit"), "--master", master]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    command += [part for name, value in chosen.items() for part in ("--conf", f"{name}={value}")]
    environment = {**os.environ, "SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": "127.0.0.1"}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "spark-internal"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(server, port, folder / "server.log")
        yield f"sc://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"Spark did not start:\n{log.read_text(errors='replace')[-4000:]}")
