"""Write the expected statements of every accepted query: `python -m tests.corpus.record`.

Read the difference before committing it: the test then holds the gateway to it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gateway.start import Gateway
from tests.corpus.asking import planned, shown
from tests.corpus.policies import DATASETS, gateway, shipped, write_policy
from tests.corpus.reading import HERE, Entry, accepted

EXPECTED = HERE / "expected"


def snapshots(entries: list[Entry], started: Gateway) -> Mapping[str, str]:
    """The text of each snapshot file, by construct."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        text = f"-- title: {entry.title}\n{shown(planned(entry, started))}\n"
        found.setdefault(entry.construct, []).append(text)
    return {construct: "\n".join(texts) for construct, texts in found.items()}


def main() -> int:
    """Rewrite `expected/`; the names of files that changed go to standard output."""
    with tempfile.TemporaryDirectory() as folder:
        for dataset in DATASETS:
            write_policy(shipped(dataset), Path(folder))
        with gateway(Path(folder)) as started:
            texts = snapshots(accepted(), started)
    EXPECTED.mkdir(exist_ok=True)
    for path in EXPECTED.glob("*.sql"):
        if path.stem not in texts:
            path.unlink()
    for construct, text in texts.items():
        path = EXPECTED / f"{construct}.sql"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
