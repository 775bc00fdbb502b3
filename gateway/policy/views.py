"""The `views` part of a policy: queries that analysts can name like tables.

Here their SQL is parsed, and every name in it must be one of the policy's. Whether a view can be
answered is found out against the engine's schema (`gateway.views`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sqlglot import exp

from gateway.errors import Refusal
from gateway.policy.document import Node
from gateway.policy.faults import FaultList, listing, nearest
from gateway.policy.fields import entries, text
from gateway.policy.model import TablePolicy, ViewPolicy
from gateway.sql.parse import Parsed, parse
from gateway.sql.wrappers import NO_WRAPPING


def read_views(
    node: Node, dataset: str, tables: Mapping[str, TablePolicy], faults: FaultList
) -> Mapping[str, ViewPolicy]:
    """All views, those that others read before these."""
    found = entries(node, faults, "a mapping from view to its SQL") or {}
    read: dict[str, tuple[str, Parsed, Node]] = {}
    for key, child in found.items():
        sql = text(child, faults)
        taken = next((table for table in tables if table.lower() == key.lower()), None)
        if taken is not None:
            allowed = "a name that no table has"
            faults.add(
                child.line, child.path, found=f"the name of the table {taken}", allowed=allowed
            )
        parsed = _parsed(sql, child, faults) if sql is not None else None
        if sql is not None and parsed is not None:
            read[key] = (sql, parsed, child)
    reads = {
        key: _names(parsed.query, child, dataset, (*tables, *found), faults) & read.keys()
        for key, (_, parsed, child) in read.items()
    }
    made: dict[str, ViewPolicy] = {}
    for key in _in_order(reads, {key: child for key, (_, _, child) in read.items()}, faults):
        made[key] = ViewPolicy(name=key, sql=read[key][0], reads=tuple(sorted(reads[key])))
    return MappingProxyType(made)


def _parsed(sql: str, node: Node, faults: FaultList) -> Parsed | None:
    try:
        parsed = parse(sql)
    except Refusal as refusal:
        faults.add(node.line, node.path, found=told(refusal), allowed=refusal.hint)
        return None
    if parsed.wrapping != NO_WRAPPING:
        found, allowed = "EXPLAIN or OPTIONS", "the query alone"
    elif parsed.query.find(exp.Parameter, exp.Placeholder):
        found, allowed = "a parameter", "constants"
    else:
        return parsed
    faults.add(node.line, node.path, found=found, allowed=allowed)
    return None


def told(refusal: Refusal) -> str:
    """What is wrong with a view's SQL, and where in it."""
    place = refusal.position
    at = f", at line {place.line}, column {place.column} of it" if place else ""
    return f"SQL that cannot be used{at}: {refusal.sentence}"


def _names(
    query: exp.Query, node: Node, dataset: str, known: tuple[str, ...], faults: FaultList
) -> set[str]:
    """The tables and views that a query reads; what it reads besides is a fault."""
    own = {_folded(cte.args["alias"].this) for cte in query.find_all(exp.CTE)}
    found: set[str] = set()
    for table in query.find_all(exp.Table):
        read = _folded(table.this)
        if not read or (read in own and not table.args.get("db")):
            continue
        if read not in known or _folded(table.args.get("db")) not in ("", "public", dataset):
            faults.add(
                node.line,
                node.path,
                found=f"the unknown table {table.sql(dialect='postgres')[:80]}",
                allowed=f"one of {listing(known)}",
                nearest=nearest(read, known),
            )
        found.add(read)
    return found


def _folded(identifier: object) -> str:
    if not isinstance(identifier, exp.Identifier):
        return ""
    shown = str(identifier.this)
    return shown if identifier.args.get("quoted") else shown.lower()


def _in_order(
    reads: Mapping[str, set[str]], nodes: Mapping[str, Node], faults: FaultList
) -> Iterator[str]:
    """Each view after those that it reads; the views of a cycle are faults."""
    done: set[str] = set()
    while waiting := [key for key in reads if key not in done]:
        ready = [key for key in waiting if reads[key] <= done]
        if not ready:
            for key in waiting:
                others = ", ".join(sorted(reads[key] - done))
                faults.add(
                    nodes[key].line,
                    nodes[key].path,
                    found=f"a view that is made of itself, by way of {others}",
                    allowed="views that read tables, or views that do not read them in turn",
                )
            return
        done |= set(ready)
        yield from ready
