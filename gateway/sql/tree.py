"""Rewriting sqlglot's trees without copying a subtree once per level of it."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp


def rebuilt(node: exp.Expr, part: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """A node of the same kind and place, with `part` of each of its children; `node` stays.

    A `part` must return a tree of its own: a node has one parent.
    """
    made = type(node)()
    made.meta.update(node.meta)
    for name, value in node.args.items():
        made.set(name, _rebuilt(value, part))
    return made


def _rebuilt(value: object, part: Callable[[exp.Expr], exp.Expr]) -> object:
    if isinstance(value, list):
        return [_rebuilt(item, part) for item in value]
    return part(value) if isinstance(value, exp.Expr) else value
