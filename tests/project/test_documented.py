"""What users can meet is documented: codes, keys, variables, commands, metrics."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from gateway.errors import Code
from tests.project.tree import ROOT, documentation, modules, variables

POLICIES = Path("docs/administrator/policies.md")
INSTALL = Path("docs/operator/install.md")
MONITORING = Path("docs/operator/monitoring.md")


def documented(page: Path) -> set[str]:
    """Every name in backticks on a page, without its arguments."""
    return {name.split(" ")[0] for name in re.findall(r"`([^`\n]+)`", documentation()[page])}


@pytest.mark.parametrize("code", Code)
def test_every_error_code_has_its_section(code: Code) -> None:
    """With meaning, example and remedy, and the statuses of the table of codes."""
    page = documentation()[Path("docs/errors.md")]
    row = f"| [`{code.slug}`](#{code.slug}) | {code.value.status} | {code.value.sqlstate} |"
    assert row in page
    section = page.split(f"\n## `{code.slug}`\n")[1].split("\n## ")[0]
    assert "*Example:*" in section
    assert "*What to do:*" in section


def test_no_error_code_is_documented_that_does_not_exist() -> None:
    """The page has no section of a code that was renamed."""
    page = documentation()[Path("docs/errors.md")]
    assert set(re.findall(r"^## `(\w+)`$", page, re.MULTILINE)) == {code.slug for code in Code}


def test_every_variable_is_documented() -> None:
    """Each NOISEGATE_* variable has a row in the operator's page, and each row its variable."""
    listed = {name for name in documented(INSTALL) if re.fullmatch(r"NOISEGATE_[A-Z_]+", name)}
    assert variables()
    assert listed == variables()


def commands() -> Iterator[str]:
    """Every command of the command line that does something, by its full name."""
    from gateway.cli import app

    def below(group: typer.core.TyperGroup, name: str) -> Iterator[str]:
        for part, command in group.commands.items():
            if command.hidden:
                continue
            if isinstance(command, typer.core.TyperGroup):
                yield from below(command, f"{name} {part}")
            else:
                yield f"{name} {part}"

    root = get_command(app)
    assert isinstance(root, typer.core.TyperGroup)
    yield from below(root, "noisegate")


def test_every_command_is_documented() -> None:
    """Each command has a row in the operator's page, and each row its command."""
    rows = set(re.findall(r"^\| `(noisegate [^`]+)` \|", documentation()[INSTALL], re.MULTILINE))
    assert rows == set(commands())


def paths() -> set[str]:
    """Method and path of each function that a router of the server decorates."""
    return {
        f"{decorator.func.attr.upper()} {decorator.args[0].value}"
        for name, tree in modules().items()
        if name.startswith("gateway.server.")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in {"get", "post", "put", "patch", "delete"}
        and decorator.args
        and isinstance(decorator.args[0], ast.Constant)
    }


def test_every_path_is_documented() -> None:
    """Each HTTP path has a row in the analyst's page, and each row its path."""
    page = documentation()[Path("docs/analyst/http.md")]
    rows = set(re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)` \|", page, re.MULTILINE))
    assert paths()
    assert rows == paths()


def metrics() -> set[str]:
    """Names that are given to prometheus-client's constructors."""
    return {
        node.args[0].value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and re.fullmatch(r"Counter|Gauge|Histogram|Summary|\w+MetricFamily", node.func.id)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_metric_is_documented() -> None:
    """Each metric has a row in the operator's page, and each row its metric."""
    page = documentation()[MONITORING]
    rows = set(re.findall(r"^\| `(noisegate_\w+)` \|", page, re.MULTILINE))
    assert metrics()
    assert rows == metrics()


def test_every_log_member_is_documented() -> None:
    """The facts that a log line may carry."""
    from gateway.server.logs import MEMBERS

    assert set(MEMBERS) <= {
        part
        for row in re.findall(r"^\| (`[^|]+) \|", documentation()[MONITORING], re.MULTILINE)
        for part in re.findall(r"`(\w+)`", row)
    }


def policy_keys() -> set[str]:
    """Keys that the reader of policies knows: its tuples named `…_KEYS`, and those of `unit`."""
    found = {"through", "on"}
    for name, tree in modules().items():
        if name.startswith("gateway.policy."):
            for node in tree.body:
                match node:
                    case ast.Assign(targets=[ast.Name(id=constant)], value=ast.Tuple()) if (
                        constant.endswith("_KEYS")
                    ):
                        found |= set(ast.literal_eval(node.value))
    return found


def test_every_policy_key_is_documented() -> None:
    """Each key that a policy may hold has a row in the administrator's page, and each row a key."""
    rows = re.findall(r"^\| (`[^|]+) \|", documentation()[POLICIES], re.MULTILINE)
    listed = {part for row in rows for part in re.findall(r"`(\w+)`", row)}
    assert policy_keys() >= {"dataset", "guarantee", "max_rows", "bounds", "renews"}
    assert listed == policy_keys()


def test_example_policies_use_documented_keys_only() -> None:
    """The shipped policies hold no key that the page does not explain."""
    import yaml

    listed = documented(POLICIES)
    files = sorted((ROOT / "policies").glob("*.yaml"))
    assert files

    for file in files:
        policy = yaml.safe_load(file.read_text(encoding="utf-8"))
        keys = set(policy) | set(policy["engine"]) | set(policy["privacy"])
        for table in policy["tables"].values():
            keys |= set(table)
            for column in (table.get("columns") or {}).values():
                keys |= set(column or {})
        for budget in policy["budgets"]:
            keys |= set(budget)
        assert keys <= listed, file.name
