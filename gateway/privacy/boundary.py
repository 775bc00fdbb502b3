"""One aggregating SELECT over protected rows: the release below, the rest of it above.

Keys and aggregates become columns of the noisy table; whatever else the SELECT does with them
(arithmetic, HAVING, windows, ORDER BY, LIMIT) stays, over that table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.privacy import aggregates, quantiles
from gateway.privacy.aggregates import Aggregate
from gateway.privacy.group_keys import (
    group_keys,
    grouping_sets,
    has_sets,
    key_node,
    key_nodes,
    select_items,
)
from gateway.privacy.outputs import (
    UNNAMED,
    aliases_of,
    inside,
    is_aggregate,
    named,
    output_name,
)
from gateway.privacy.quantiles import Quantile
from gateway.privacy.relation import Relation
from gateway.privacy.scope import Scope, name_of
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Expr, Literal, Ref, columns_of
from gateway.sql.noise_ends import calls
from gateway.sql.parse import position_of
from gateway.sql.tree import rebuilt

_PARTS = {
    *("expressions", "from_", "joins", "where", "group", "having", "order", "limit", "offset"),
    *("distinct", "qualify", "with_", "windows", "kind", "hint", "fetch"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a release gives to the SELECT above it.

    `table` is the FROM clause, `joins` what is joined to it; `keys` the noisy table's column of
    each key expression; `values` the expression of each aggregate, in the order in which they were
    asked; `conditions` over the table say which of its groups can have rows at all. With `flags`
    the table holds levels of totals, and each key has a column of what GROUPING says of it.
    """

    table: exp.Expr
    keys: dict[Expr, str]
    values: tuple[exp.Expr, ...]
    conditions: tuple[exp.Expr, ...] = ()
    joins: tuple[exp.Join, ...] = ()
    flags: Mapping[Expr, str] = field(default_factory=dict)


Asked = Aggregate | Quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a SELECT needs of a release.

    `names` is what the analyst calls each key; `sets` are the keys of each level of totals, none
    where it asks for no totals.
    """

    keys: Sequence[Expr]
    names: Mapping[Expr, str]
    aggregates: Sequence[Asked]
    sets: Sequence[tuple[Expr, ...]] = ()


Releasing = Callable[[Wanted], Release]
Nesting = Callable[[exp.Expr], exp.Expr]


def cross(
    query: exp.Select,
    relation: Relation,
    scope: Scope,
    binder: Binder,
    nested: Nesting,
    release: Releasing,
) -> exp.Select:
    """The SELECT over the noisy table.

    `nested` rewrites a subquery that stands among the results; `release` makes the release of
    the keys and aggregates that were found.
    """
    for part, value in query.args.items():
        if value and part not in _PARTS:
            raise refuse(query, f"{part.upper().rstrip('_')} here", "Leave it out.")
    return _Crossing(query, relation, scope, binder, nested).run(release)


class _Crossing:
    def __init__(
        self,
        query: exp.Select,
        relation: Relation,
        scope: Scope,
        binder: Binder,
        nested: Nesting,
    ) -> None:
        self._query = named(query.copy())
        self._relation = relation
        self._scope = scope
        self._binder = binder
        self._nested = nested
        self._keys: list[Expr] = []
        self._asked: list[Asked] = []
        self._aliases = aliases_of(self._query)
        self._named_keys: dict[exp.Expr, Expr] = {}

    def run(self, release: Releasing) -> exp.Select:
        query = self._query
        keys = group_keys(query, self._scope, self._binder)
        varying = [key for key in keys if any(True for _ in columns_of(key))]
        self._keys = list(dict.fromkeys(varying))
        written = zip(key_nodes(query, self._scope), keys, strict=True)
        self._named_keys = {node: key for node, key in written if key in self._keys}
        made = exp.Select()
        items = select_items(query, self._scope)
        made.set("expressions", [self._rewritten(item) for item in items])
        having = query.args.get("having")
        condition = self._rewritten(having.this, aliases=True) if having else None
        for part in ("qualify", "limit", "offset", "distinct", "fetch"):
            if query.args.get(part):
                made.set(part, self._rewritten(query.args[part]))
        if query.args.get("windows"):
            made.set("windows", [self._rewritten(w) for w in query.args["windows"]])
        order = query.args.get("order")
        if order:
            made.set("order", self._ordering(order))
        wanted = Wanted(
            keys=self._keys,
            names=self._names(items),
            aggregates=self._asked,
            sets=self._sets() if has_sets(query) else (),
        )
        found = release(wanted)
        summed = bool(wanted.sets) and not found.flags
        if condition is not None:
            kept = exp.Having(this=condition) if summed else exp.Where(this=condition)
            made.set("having" if summed else "where", kept)
        if summed:
            made.set("group", self._regrouped(query.args["group"]))
        if not order and not query.args.get("distinct"):
            names = [found.keys[key] for key in dict.fromkeys(self._keys)]
            ordering = [exp.Ordered(this=_column(name), nulls_first=False) for name in names]
            if ordering:
                made.set("order", exp.Order(expressions=ordering))
        made.set("from_", exp.From(this=found.table))
        made.set("joins", list(found.joins))
        if found.conditions:
            filtering = made.args.get("where")
            every = [*found.conditions, *([filtering.this] if filtering else [])]
            made.set("where", exp.Where(this=exp.and_(*every)))
        return _filled(made, found)

    def _names(self, items: Sequence[exp.Expr]) -> dict[Expr, str]:
        """What the analyst calls each key: as it is selected, or as it is written."""
        shown = {inside(item): output_name(item) for item in items}
        found = {}
        for node, key in self._named_keys.items():
            name = shown.get(node, UNNAMED)
            found[key] = _written(node) if name == UNNAMED else name
        return found

    def _sets(self) -> list[tuple[Expr, ...]]:
        """The keys of each level of totals. Constants group nothing."""
        found = []
        for nodes in grouping_sets(self._query, self._scope):
            own = [self._named_keys[node] for node in nodes if node in self._named_keys]
            found.append(tuple(dict.fromkeys(own)))
        return found

    def _regrouped(self, node: exp.Expr) -> exp.Expr:
        """GROUP BY with grouping sets, over the noisy table's keys: totals are sums of what was
        released, so that they add up and cost nothing."""
        copy = node.copy()
        for name, value in node.args.items():
            if isinstance(value, list):
                copy.set(name, [self._regrouped_part(part) for part in value])
        return copy

    def _regrouped_part(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, (exp.Tuple, exp.Rollup, exp.Cube, exp.GroupingSets)):
            return self._regrouped(node)
        if isinstance(node, exp.Paren):
            return exp.Paren(this=self._regrouped_part(node.this))
        return self._rewritten(key_node(node, self._query, self._scope))

    # the rest, over the noisy table

    def _ordering(self, order: exp.Order) -> exp.Expr:
        made = order.copy()
        for ordered in made.expressions:
            node = ordered.this
            plain = isinstance(node, exp.Column) and not node.args.get("table")
            if isinstance(node, exp.Literal) or (plain and name_of(node.this) in self._aliases):
                continue  # an output column's number or name, which PostgreSQL looks for first
            ordered.set("this", self._rewritten(node))
        return made

    def _rewritten(self, node: exp.Expr, *, aliases: bool = False) -> exp.Expr:
        if isinstance(node, exp.Alias):
            inner = self._rewritten(node.this)
            return exp.Alias(this=inner, alias=node.args["alias"].copy())
        if isinstance(node, (exp.Query, exp.Subquery)):
            return self._nested(node)
        if is_aggregate(node):
            return self._aggregate(node)
        if isinstance(node, exp.Bracket) and (found := self._element(node)) is not None:
            return found
        key = self._matching_key(node)
        if key is not None:
            return exp.Placeholder(this=f"key {self._keys.index(key)}")
        if isinstance(node, exp.Column):
            return self._ungrouped(node, aliases)
        if isinstance(node, exp.Parameter):
            return _constant(self._binder.bind(node))
        if isinstance(node, exp.Window):
            return self._window(node)
        return self._with_parts(node, aliases)

    def _with_parts(self, node: exp.Expr, aliases: bool = False) -> exp.Expr:
        return rebuilt(node, lambda part: self._rewritten(part, aliases=aliases))

    def _window(self, node: exp.Window) -> exp.Expr:
        """A window over the groups: its own function stays, what it is applied to is rewritten."""
        function = node.this
        copy = self._with_parts(_without(node, "this"))
        if isinstance(function, exp.Filter):
            kept = function.copy()
            kept.set("this", self._with_parts(function.this))
            kept.set("expression", self._with_parts(function.expression))
            copy.set("this", kept)
        else:
            copy.set("this", self._with_parts(function))
        return copy

    def _aggregate(self, node: exp.Expr) -> exp.Expr:
        asked: Asked | None = quantiles.read(node, self._binder)
        if asked is None:
            asked = aggregates.read(node, self._binder, self._relation)
        return self._placeholder(asked, node)

    def _placeholder(self, asked: Asked, node: exp.Expr) -> exp.Expr:
        self._asked.append(asked)
        made = exp.Placeholder(this=f"value {len(self._asked) - 1}")
        made.meta["place"] = position_of(node)
        return made

    def _element(self, node: exp.Bracket) -> exp.Expr | None:
        """One of several fractions, such as (PERCENTILE_CONT(ARRAY[0.5, 0.9]) …)[2]."""
        inner = node.this.unnest()
        found = quantiles.read(inner, self._binder) if is_aggregate(inner) else None
        if found is None or not found.listed:
            return None
        return self._placeholder(quantiles.element(found, node), node)

    def _matching_key(self, node: exp.Expr) -> Expr | None:
        """The group key that a node stands for, compared as typed expressions."""
        if node in self._named_keys:
            return self._named_keys[node]
        if isinstance(node, exp.Column):
            if not self._known(node):
                return None
            bound = self._scope.lookup(node)
            return bound if bound in self._keys else None
        if all(isinstance(key, Ref) for key in self._keys) or not _scalar(node):
            return None
        if not all(self._known(column) for column in node.find_all(exp.Column)):
            return None
        try:
            bound = self._binder.bind(node)
        except Refusal:
            return None  # not a key as a whole: its parts are looked at, and refused, one by one
        return bound if bound in self._keys else None

    def _known(self, node: exp.Column) -> bool:
        name, table = name_of(node.this), name_of(node.args.get("table"))
        return self._scope.has(table) if table else self._scope.shows(name)

    def _ungrouped(self, node: exp.Column, aliases: bool) -> exp.Expr:
        name = name_of(node.this)
        if (
            aliases
            and not node.args.get("table")
            and name in self._aliases
            and not self._scope.shows(name)
        ):
            return self._rewritten(self._aliases[name])
        self._scope.lookup(node)
        raise Refusal(
            Code.NOT_PRIVATE,
            f'"{name}" is neither grouped nor aggregated, so it would show values of single rows.',
            f'Add "{name}" to GROUP BY, or aggregate it.',
            position_of(node),
        )


def _written(node: exp.Expr) -> str:
    return name_of(node.this) if isinstance(node, exp.Column) else node.sql(dialect="postgres")


def _scalar(node: exp.Expr) -> bool:
    kinds = (exp.Condition, exp.Paren)
    return isinstance(node, kinds) and not isinstance(node, (exp.Literal, exp.Boolean, exp.Null))


def _without(node: exp.Expr, part: str) -> exp.Expr:
    copy = node.copy()
    copy.set(part, None)
    return copy


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _constant(bound: Expr) -> exp.Expr:
    from gateway.rewrite.expressions import constant

    if not isinstance(bound, Literal):
        raise AssertionError("a parameter is a constant")
    return exp.maybe_parse(constant(bound), dialect="duckdb")


def _filled(made: exp.Select, release: Release) -> exp.Select:
    """Put the noisy table's columns where keys and aggregates stood."""
    keys = list(release.keys)
    for node in list(made.find_all(exp.Placeholder)):
        text = str(node.this or "")
        kind, _, index = text.partition(" ")
        if kind == "key":
            node.replace(_column(release.keys[keys[int(index)]]))
        elif kind == "value":
            value = release.values[int(index)].copy()
            for call in calls(value):
                call.meta["place"] = node.meta["place"]
            node.replace(exp.Paren(this=value))
    if release.flags:
        flag_of = {release.keys[key]: flag for key, flag in release.flags.items()}
        for asked in list(made.find_all(exp.Grouping)):
            if any(part.name not in flag_of for part in asked.expressions):
                raise refuse(asked, "GROUPING of a constant", "Name a column of GROUP BY.")
            asked.replace(_flagged([flag_of[part.name] for part in asked.expressions]))
    return made


def _flagged(flags: Sequence[str]) -> exp.Expr:
    """GROUPING over several keys: their flags as the digits of a binary number."""
    found: exp.Expr = exp.Literal.number(0)
    for flag in flags:
        doubled = exp.Mul(this=exp.Literal.number(2), expression=found)
        found = exp.Paren(this=exp.Add(this=doubled, expression=_column(flag)))
    return found
