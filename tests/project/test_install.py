"""What `make demo` and `make test` install, and what they say where they cannot."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.tree import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)$")


def pins() -> dict[str, str]:
    """The versions of constraints.txt; every line that is no comment is an exact pin."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [PIN.match(line) for line in lines if line and not line.startswith("#")]
    assert all(found), "a line of constraints.txt is no exact pin"
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def test_every_dependency_is_pinned_within_its_range() -> None:
    """pyproject.toml says what works, constraints.txt which of them is installed and tested."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = pins()
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} has no pin: run make constraints"
        assert version in requirement.specifier, f"{requirement} against {version}"


def copy_of_build_files(to: Path) -> Path:
    """A folder with the Makefile and what it reads, and no .venv."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, to / name)
    return to


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in a folder."""
    return subprocess.run(
        ["make", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=60
    )


def test_help_is_the_default_and_lists_the_commands(tmp_path: Path) -> None:
    """`make` alone changes nothing and names every command."""
    shown = make(copy_of_build_files(tmp_path)).stdout
    for target in ("demo", "test", "lint", "format", "bench", "audit", "clean"):
        assert re.search(rf"make {target}\s", shown), target
    assert not (tmp_path / ".venv").exists()


def test_a_python_that_is_too_old_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """No half-made .venv stays, and the message names the remedy."""
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\ncase "$2" in *version_info*"<"*) exit 1;; *) echo 3.9;; esac\n')
    old.chmod(0o755)
    done = make(copy_of_build_files(tmp_path), "demo", f"PYTHON={old}")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "is 3.9" in done.stderr
    assert "apt-get install python3" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_python_without_venv_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Debian's python3 without python3-venv: the message names the package."""
    bare = tmp_path / "bare-python"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; *) echo 3.11;; esac\n')
    bare.chmod(0o755)
    done = make(copy_of_build_files(tmp_path), "demo", f"PYTHON={bare}")
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()
