"""Who may import whom: the pure packages stay pure, and only noise opens exact tables."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.project.tree import modules

PURE = ("sql", "privacy", "rewrite", "noise")
EDGE_LIBRARIES = {
    "web": {"fastapi", "starlette", "uvicorn", "httpx", "httpcore", "http", "urllib", "anyio"},
    "drivers": {"duckdb", "psycopg", "psycopg2", "asyncpg", "adbc_driver_manager", "pyspark"},
    "ledger": {"sqlalchemy", "alembic", "sqlite3"},
    "command line": {"typer", "click", "rich"},
    "metrics": {"prometheus_client"},
    "side effects": {"os", "time", "random", "secrets", "socket", "subprocess", "threading"},
}
FORBIDDEN = set().union(*EDGE_LIBRARIES.values())


def imported(module: str, tree: ast.Module) -> Iterator[str]:
    """Dotted names that a module imports when it runs, wherever in it; not for type checking."""
    yield from _imports(module, tree)


def _imports(module: str, node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                for branch in child.orelse:
                    yield from _imports(module, branch)
            case ast.Import():
                yield from (alias.name for alias in child.names)
            case ast.ImportFrom(level=0, module=str(source)):
                yield source
                yield from (f"{source}.{alias.name}" for alias in child.names)
            case ast.ImportFrom():
                pytest.fail(f"{module} imports relatively; this project names modules in full")
            case _:
                yield from _imports(module, child)


@cache
def direct() -> dict[str, set[str]]:
    """What each module imports itself, packages above a first-party module included."""
    return {name: set(imported(name, tree)) for name, tree in modules().items()}


def closure(start: str, graph: dict[str, set[str]]) -> dict[str, str]:
    """Each first-party module that importing `start` runs, and the module that pulls it in."""
    seen = {start: start}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        wanted = {part for target in graph[name] for part in _prefixes(target)} | _prefixes(name)
        for target in sorted(wanted & graph.keys() - seen.keys()):
            seen[target] = name
            waiting.append(target)
    return seen


def _prefixes(dotted: str) -> set[str]:
    parts = dotted.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts) + 1)}


def pure_modules() -> list[str]:
    """Modules of the packages that must have no side effect."""
    return [name for name in modules() if name.split(".")[1:2] and name.split(".")[1] in PURE]


def test_there_are_pure_modules() -> None:
    """The tests below look at something."""
    assert {name.split(".")[1] for name in pure_modules()} == set(PURE)


@pytest.mark.parametrize("name", pure_modules())
def test_pure_packages_reach_no_edge(name: str) -> None:
    """Neither themselves nor through any first-party module that they import."""
    graph = direct()
    reached = closure(name, graph)
    found = {
        f"{module} imports {top} (reached from {reached[module]})"
        for module in reached
        for target in graph[module]
        if (top := target.split(".")[0]) in FORBIDDEN
    }
    assert not found


def test_the_closure_is_followed() -> None:
    """An edge that is reached over two modules and over a package's own file is found."""
    graph = {
        "gateway": set(),
        "gateway.noise": {"gateway.budget.cost"},
        "gateway.budget": {"sqlalchemy"},
        "gateway.budget.cost": {"math"},
    }
    assert "gateway.budget" in closure("gateway.noise", graph)


def test_only_noise_opens_exact_tables() -> None:
    """The exact result of an engine can be read in one package only."""
    callers = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "_open")
        or (isinstance(node, ast.Constant) and node.value == "_open")
    }
    assert callers, "nobody opens exact tables: this test has lost its object"
    assert {name.rsplit(".", 1)[0] for name in callers} == {"gateway.noise"}


def test_nobody_reaches_into_an_exact_table() -> None:
    """Its rows have no other way out: the mangled name appears nowhere."""
    for name, tree in modules().items():
        assert "_ExactTable__rows" not in ast.dump(tree), name


def silent(step: ast.stmt) -> bool:
    """Whether a statement does nothing at all: `pass`, `...` or a text."""
    return isinstance(step, ast.Pass) or (
        isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)
    )


def broad(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches everything."""
    return handler.type is None or any(
        isinstance(part, ast.Name) and part.id in {"Exception", "BaseException"}
        for part in ast.walk(handler.type)
    )


def test_no_failure_is_swallowed() -> None:
    """No handler does nothing, and one that catches everything raises again or answers with it."""
    assert not {
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or all(map(silent, node.body))
            or (broad(node) and all(isinstance(step, ast.Continue) for step in node.body))
        )
    }
