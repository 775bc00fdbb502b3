"""The `engine` part of a policy: where the data lies, with paths made absolute."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from gateway.policy.document import Node
from gateway.policy.faults import FaultList, listing, nearest
from gateway.policy.fields import (
    Fields,
    count,
    duration,
    entries,
    fields,
    memory,
    size,
    text,
)
from gateway.policy.model import EngineSettings
from gateway.samples import sample_names, sample_path

_KEYS = (
    "type",
    "database",
    "files",
    "url",
    "schema",
    "timeout",
    "refresh",
    "threads",
    "memory",
    "spill",
    "spill_directory",
)
_TYPES = ("duckdb", "postgres", "spark")
_SCHEMES = {"postgres": ("postgresql://", "postgres://"), "spark": ("sc://",)}
_REMOTE = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+://")
_SAMPLE = "sample:"
_DEFAULT_TIMEOUT = 60.0


def read_engine(node: Node, directory: Path, faults: FaultList) -> EngineSettings | None:
    """The engine's settings. Relative paths are relative to `directory`, the policy file's.

    `sample:NAME` among the files is a table that ships within the package.
    """
    engine = fields(node, _KEYS, faults)
    if engine is None:
        return None
    kind = engine.need("type", text, listing(_TYPES))
    if kind is not None and kind not in _TYPES:
        place = engine.branch.entries["type"]
        faults.add(
            place.line,
            place.path,
            found=kind,
            allowed=listing(_TYPES),
            nearest=nearest(kind, _TYPES),
        )
    database = engine.take("database", text)
    read = _remote_files if kind == "spark" else _files
    files = engine.take("files", lambda child, noted: read(child, directory, noted))
    url = engine.take("url", text)
    spilled = engine.take("spill_directory", text)
    if kind == "duckdb":
        _check_duckdb(engine)
    if kind in _SCHEMES:
        _check_server(engine, kind, url)
    schema = engine.take("schema", text)
    return EngineSettings(
        type=kind or "duckdb",
        database=str(directory / database) if database else None,
        files=files,
        url=url,
        schema=schema or ("public" if kind == "postgres" else None),
        timeout_seconds=engine.take("timeout", duration) or _DEFAULT_TIMEOUT,
        refresh_seconds=engine.take("refresh", duration),
        threads=engine.take("threads", count(1024)),
        memory=engine.take("memory", memory),
        spill=engine.take("spill", size),
        spill_directory=str(directory / spilled) if spilled else None,
    )


def _check_duckdb(engine: Fields) -> None:
    if engine.has("files") and engine.has("database"):
        engine.fault("files", found="files and database", allowed="one of the two")
    elif not engine.has("files") and not engine.has("database"):
        engine.fault("database", found="no such key", allowed="database or files for duckdb")
    engine.refuse("url", because="nothing: duckdb has database or files")
    if engine.has("files"):
        engine.refuse("schema", because="nothing: files have no schema")


def _check_server(engine: Fields, kind: str, url: str | None) -> None:
    foreign = ("database", "threads", "memory", "spill", "spill_directory")
    for key in foreign if kind == "spark" else (*foreign, "files"):
        engine.refuse(key, because=f"nothing: {kind} has url")
    if kind == "spark" and engine.has("files"):
        engine.refuse("schema", because="nothing: files have no schema")
    schemes = " or ".join(_SCHEMES[kind])
    if not engine.has("url"):
        engine.fault("url", found="no such key", allowed=f"an address that begins with {schemes}")
    elif url is not None and not url.startswith(_SCHEMES[kind]):
        # An address may hold a password, so what was found is not repeated.
        engine.fault("url", found="another address", allowed=f"one that begins with {schemes}")


def _remote_files(node: Node, directory: Path, faults: FaultList) -> Mapping[str, str] | None:
    """Paths and addresses as the database's machines see them; relative ones are of this one."""
    return _files(node, directory, faults, remote=True)


def _files(
    node: Node, directory: Path, faults: FaultList, *, remote: bool = False
) -> Mapping[str, str] | None:
    found = entries(node, faults, "a mapping from table to a Parquet or CSV path or glob")
    if found is None:
        return None
    if not found:
        faults.add(node.line, node.path, found="no file", allowed="at least one table's file")
    files: dict[str, str] = {}
    for table, child in found.items():
        value = text(child, faults)
        if value is None:
            continue
        if value.startswith(_SAMPLE):
            sample = value.removeprefix(_SAMPLE)
            if sample not in sample_names():
                faults.add(
                    child.line,
                    child.path,
                    found=f"no sample {sample}",
                    allowed=listing([_SAMPLE + one for one in sample_names()]),
                    nearest=nearest(sample, sample_names()),
                )
                continue
            files[table] = str(sample_path(sample))
        elif _REMOTE.match(value) and remote:
            files[table] = value
        elif _REMOTE.match(value):
            faults.add(
                child.line,
                child.path,
                found="a remote address",
                allowed="a path or glob of local files, or sample:NAME",
            )
        else:
            files[table] = str(directory / value)
    return MappingProxyType(files)
