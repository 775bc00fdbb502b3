"""What the numbers were measured on: nothing that names a machine or a day."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version


def facts() -> str:
    """One sentence on cores, memory and versions."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    libraries = ", ".join(f"{n} {version(n)}" for n in ("duckdb", "sqlglot", "opendp", "pyarrow"))
    return (
        f"{cores} {platform.machine()} cores, {pages * size / 2**30:.0f} GiB of memory, "
        f"{platform.system()}, Python {platform.python_version()}, {libraries}."
    )
