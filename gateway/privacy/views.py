"""Views of the policy: expanded where a question names them, as common table expressions are.

Claim: a view adds nothing to what can be asked: the question with the view's SQL in its place is
read by the same rules, whoever wrote which part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from sqlglot import exp

from gateway.errors import Refusal
from gateway.policy.model import ViewPolicy
from gateway.privacy.found import Above, Env, Found
from gateway.privacy.relation import Relation
from gateway.privacy.scope import name_of
from gateway.sql.parse import parse


def expanded(
    query: exp.Expr, views: Mapping[str, ViewPolicy], read: Callable[[exp.Expr, Env], Found]
) -> Env:
    """The views that a query may name, and those that they are made of; `read` reads a query.

    A name that a common table expression of the query takes over is found there first. Raises the
    Refusal of a view that cannot be answered now, without a place: the analyst did not write it.
    """
    wanted = {name_of(table.this) for table in query.find_all(exp.Table)} & views.keys()
    for view in reversed([*views.values()]):  # those that others read come first
        if view.name in wanted:
            wanted |= set(view.reads)
    found: dict[str, Found] = {}
    for view in views.values():
        if view.name in wanted:
            found[view.name] = _read(view, dict(found), read)
    return found


def _read(view: ViewPolicy, env: Env, read: Callable[[exp.Expr, Env], Found]) -> Found:
    syntax = _syntax(view.sql).copy()
    try:
        made = read(syntax, env)
    except Refusal as refusal:
        sentence = f'In the view "{view.name}": {refusal.sentence}'
        raise Refusal(refusal.code, sentence, refusal.hint) from refusal
    if isinstance(made, Relation):
        return made
    return Above(query=made.query, original=syntax, env=env)


@lru_cache(maxsize=256)
def _syntax(sql: str) -> exp.Query:
    return parse(sql).query
