"""The shape of the tree: a small top level, small files, names that say what is in them."""

from __future__ import annotations

import re

import pytest

from tests.project.tree import ROOT, committed, text

TOP_LEVEL = {
    ".ci",
    ".editorconfig",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".yamllint",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
    "SECURITY.md",
    "constraints.txt",
    "deploy",
    "docs",
    "gateway",
    "policies",
    "pyproject.toml",
    "tests",
}
MOST_LINES = 450
GRAB_BAGS = re.compile(r"^(utils?|helpers?|common|misc|manager)$")

# Written in pieces, so that this file does not hold what it forbids.
NEVER_COMMITTED = {
    "a path of someone's machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)" + "/"),
    "a package index": re.compile(
        "index" + r"[-_]url|find" + r"[-_]links|pypi\." + r"org|pythonhosted\."
        r"org|registry\.npm" + r'js|"resolved": "' + r"http|deb\.debian\." + "org",
        re.IGNORECASE,
    ),
    "a merge conflict": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
    "a private key": re.compile("-----BEGIN " + r"[A-Z ]*PRIVATE KEY"),
}


def test_the_top_level_stays_small() -> None:
    """A newcomer reads the list of files in one glance."""
    assert {path.parts[0] for path in committed()} <= TOP_LEVEL


def test_no_source_file_grows_long() -> None:
    """A file that passes the limit holds more than one thing."""
    long = {
        str(path): lines
        for path in committed()
        if path.suffix in {".py", ".sh", ".js", ".css", ".html"}
        and (lines := len((text(path) or "").splitlines())) > MOST_LINES
    }
    assert not long


def test_no_file_or_folder_is_a_grab_bag() -> None:
    """A name says what is inside."""
    assert not [
        str(path)
        for path in committed()
        if any(GRAB_BAGS.match(part.split(".")[0]) for part in path.parts)
    ]


@pytest.mark.parametrize("forbidden", NEVER_COMMITTED)
def test_nothing_of_one_machine_is_committed(forbidden: str) -> None:
    """What is committed works anywhere."""
    pattern = NEVER_COMMITTED[forbidden]
    found = [
        f"{path}: {match.group()}"
        for path in committed()
        if (content := text(path)) is not None and (match := pattern.search(content))
    ]
    assert not found, f"committed {forbidden}"


def test_the_patterns_find_what_they_are_for() -> None:
    """The test above can fail."""
    machine, index, conflict, key = NEVER_COMMITTED.values()
    assert machine.search("open('/ro" + "ot/x')")
    assert not machine.search("./work" + "/x")
    assert index.search("--extra-index" + "-url x")
    assert conflict.search("a\n<<<<<<" + "< ours\n")
    assert key.search("-----BEGIN RSA PRIVATE" + " KEY-----")


def test_scripts_can_be_run() -> None:
    """`.ci/run` is executable and strict."""
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
