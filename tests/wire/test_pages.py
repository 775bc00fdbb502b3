"""The page for PostgreSQL clients names every setting of ours and every SQLSTATE of a refusal."""

from __future__ import annotations

import re

from gateway.errors import Code
from gateway.server.postgres.settings import KNOWN, PREFIX
from tests.project.tree import ROOT

PAGE = (ROOT / "docs" / "analyst" / "postgres.md").read_text(encoding="utf-8")


def test_every_code_has_its_sqlstate_on_the_page() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (\w{5})", PAGE, re.MULTILINE)
    listed = {code: state for codes, state in rows for code in re.findall(r"`(\w+)`", codes)}
    assert listed == {code.slug: code.value.sqlstate for code in Code}


def test_every_setting_of_ours_is_on_the_page() -> None:
    ours = {name for name in KNOWN if name.startswith(PREFIX)}
    assert ours == set(re.findall(r"`(?:SET|SHOW) (noisegate\.\w+)", PAGE))
