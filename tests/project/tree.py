"""The committed files of the project, and Python modules as syntax trees."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def committed() -> tuple[Path, ...]:
    """Every file that git tracks and that is there, as paths below the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    found = tuple(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())
    assert found, "git lists no file"
    return found


def text(path: Path) -> str | None:
    """A file's text; None for a binary one."""
    content = (ROOT / path).read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its dotted name, also those not committed yet."""
    found = {}
    for path in sorted((ROOT / "gateway").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return found


def documentation() -> dict[Path, str]:
    """Every Markdown file that is committed or lies under docs/, by path below the root."""
    paths = {path for path in committed() if path.suffix == ".md"}
    paths |= {path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.md")}
    return {path: (ROOT / path).read_text(encoding="utf-8") for path in sorted(paths)}


def variables() -> set[str]:
    """Environment variables that the gateway's sources name."""
    return {
        node.value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"NOISEGATE_[A-Z_]+", node.value)
    }
