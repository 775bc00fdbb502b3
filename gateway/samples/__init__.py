"""Real public data that ships within the package, with the two policies that protect it.

A policy names a table of it as `sample:hospital_encounters.parquet`, which means the same from a
checkout and from an installed wheel. `ATTRIBUTION.md` says whose the data is; it goes along with
every copy.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def sample_names() -> tuple[str, ...]:
    """The file names of all samples, in order."""
    return tuple(sorted(path.name for path in _HERE.glob("*.parquet")))


def sample_path(name: str) -> Path:
    """Where a sample lies. Raises `KeyError` for a name that is not among `sample_names()`."""
    if name not in sample_names():
        raise KeyError(name)
    return _HERE / name


def policies_directory() -> Path:
    """The directory of the policies for the samples.

    An installed package carries them next to the data (the build puts `policies/` there); a
    checkout has them at its top, once. Raises `FileNotFoundError` where neither is.
    """
    for candidate in (_HERE / "policies", _HERE.parent.parent / "policies"):
        if (candidate / "hospital.yaml").is_file():
            return candidate
    raise FileNotFoundError("the policies for the samples are missing from this installation")
