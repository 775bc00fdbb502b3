"""noise_low and noise_high above the boundary: a number minus and plus its half-width.

Of a released number the half-width is known from the plan, and stands in the SQL as a constant. Of
a derived one it is found by redrawing, once the numbers are released: the SELECT is read from an
inner one, whose rows are joined to a table of their half-widths (`plan.Interval`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.postprocess.identity import Identities
from gateway.postprocess.intervals import released_half_width
from gateway.postprocess.lineage import Direct, Origin, of_expression
from gateway.privacy.plan import Interval, Release, half_of
from gateway.sql.bind import refuse
from gateway.sql.noise_ends import argument_of, calls, end_of
from gateway.sql.parse import position_of
from gateway.sql.tree import rebuilt

_AFTER = ("order", "limit", "offset", "fetch", "distinct")
"""Parts of a SELECT that come after its rows are made."""
_WHOLE, _DECIMAL = ("BIGINT", "INT", "SMALLINT"), "DECIMAL"


def grain_of(kind: exp.DataType | None) -> Fraction | None:
    """What the numbers of a type are multiples of; None where they are doubles."""
    if kind is None:
        return None
    if kind.this.value in _WHOLE:
        return Fraction(1)
    scales = [int(part.name) for part in kind.expressions if part.name.isdigit()]
    known = kind.this.value == _DECIMAL and len(scales) == 2
    return Fraction(1, 10 ** scales[1]) if known else None


class Ends:
    """Replaces the calls of one finished query. `intervals` gathers what must be redrawn for
    them, in the order in which it can be."""

    def __init__(
        self,
        releases: Mapping[str, Release],
        direct: Direct,
        identities: Identities,
        confidence: float,
        per_draw: Callable[[str], str],
    ) -> None:
        self.intervals: list[Interval] = []
        self._releases = releases
        self._direct = direct
        self._identities = identities
        self._confidence = confidence
        self._per_draw = per_draw

    def replaced(self, query: exp.Expr) -> exp.Expr:
        """The query without calls."""
        holder = exp.Tuple(expressions=[query])
        for select in reversed(list(holder.find_all(exp.Select))):
            asked = [call for call in calls(select) if call.parent_select is select]
            waiting = [call for call in asked if self._still_waits(call, select)]
            if waiting:
                select.replace(self._joined(select, waiting))
        found: exp.Expr = holder.expressions[0]
        return found

    def _still_waits(self, call: exp.Expr, select: exp.Select) -> bool:
        """Whether a call needs redrawing; one that does not is replaced here."""
        number = argument_of(call)
        origin = of_expression(number, select, self._releases, self._direct)
        if not origin.noisy:
            call.replace(number)
            return False
        if origin.direct is None:
            return True
        call.replace(self._edge(number, end_of(call), origin))
        return False

    def _edge(self, number: exp.Expr, end: int, origin: Origin) -> exp.Expr:
        if origin.direct is None:
            raise AssertionError("a released number")
        name, measure = origin.direct
        known = number.unnest().type
        grain = grain_of(known)
        width = released_half_width(self._releases[name], measure, self._confidence, grain)
        kind = exp.DataType.build("DOUBLE", dialect="duckdb")
        text = repr(width)
        if grain is not None and known is not None:
            kind = known.copy()
            text = str(Decimal(round(width / float(grain))) * grain.numerator / grain.denominator)
        half = exp.cast(exp.Literal.string(text), kind)
        joined = exp.Add if end > 0 else exp.Sub
        made = exp.cast(exp.Paren(this=joined(this=exp.Paren(this=number), expression=half)), kind)
        made.type = kind
        return made

    # derived numbers

    def _joined(self, select: exp.Select, waiting: list[exp.Expr]) -> exp.Select:
        """The SELECT over its own rows, joined to their half-widths."""
        for call in waiting:
            _check_place(call, select)
        name = f"interval_{len(self.intervals) + 1}"
        rows = _Rows(select, name)
        made = exp.Select()
        for part in _AFTER:
            if select.args.get(part):
                made.set(part, select.args[part])
                rows.query.set(part, None)
        made.set("expressions", [rows.lifted_item(item) for item in select.expressions])
        order = made.args.get("order")
        for ordered in order.expressions if order else []:
            ordered.set("this", rows.lifted_order(ordered.this))
        keys = self._keys(rows)
        sql = rows.query.sql(dialect="duckdb", comments=False)
        names = [item.alias_or_name for item in rows.query.expressions]
        values = tuple(names.index(column) for column in rows.numbers.values())
        self.intervals.append(
            Interval(
                name=name,
                sql=sql,
                redraw=self._per_draw(sql),
                columns=tuple(names),
                keys=tuple(names.index(key) for key in keys),
                values=values,
            )
        )
        made.set("from_", exp.From(this=exp.Subquery(this=rows.query, alias=_alias("shown"))))
        same = [
            exp.NullSafeEQ(this=_column("shown", key), expression=_column(name, key))
            for key in keys
        ]
        table = exp.Table(this=exp.to_identifier(name, quoted=True), alias=_alias(name))
        join = exp.Join(this=table, side="LEFT", on=exp.and_(*same) if same else exp.true())
        made.set("joins", [join])
        return made

    def _keys(self, rows: _Rows) -> list[str]:
        """Names of the columns that tell the inner rows apart."""
        query = rows.query
        shown = [
            item.alias_or_name
            for item in query.expressions
            if not of_expression(item.unalias(), query, self._releases, self._direct).noisy
        ]
        return [*shown, *self._identities.hide(query, self._identities.of(query))]


class _Rows:
    """The inner SELECT: whatever the outer one needs becomes a column of it."""

    def __init__(self, select: exp.Select, interval: str) -> None:
        self._interval = interval
        self.query = select.copy()
        self.query.set("expressions", [])
        self.numbers: dict[str, str] = {}
        self._columns: dict[str, str] = {}

    def lifted_item(self, item: exp.Expr) -> exp.Expr:
        """An item of the SELECT list under its own name."""
        return exp.alias_(self._lifted(item.unalias()), item.alias_or_name, quoted=True)

    def lifted_order(self, node: exp.Expr) -> exp.Expr:
        """What rows are ordered by: an output column's name or number stays."""
        plain = isinstance(node, exp.Column) and not node.table
        return node if plain or isinstance(node, exp.Literal) else self._lifted(node)

    def _lifted(self, node: exp.Expr) -> exp.Expr:
        end = end_of(node)
        if end:
            return self._end(argument_of(node), end)
        if any(True for _ in calls(node)):
            return rebuilt(node, self._lifted)
        reads = node.find(exp.Column, exp.AggFunc, exp.Window, exp.Query)
        return _column("shown", self._column(node)) if reads else node.copy()

    def _end(self, number: exp.Expr, end: int) -> exp.Expr:
        column = self._column(number)
        self.numbers[number.sql()] = column
        shown = exp.cast(_column("shown", column), exp.DataType.build("DOUBLE", dialect="duckdb"))
        joined = exp.Add if end > 0 else exp.Sub
        return exp.Paren(
            this=joined(this=shown, expression=_column(self._interval, half_of(column)))
        )

    def _column(self, node: exp.Expr) -> str:
        sql = node.sql()
        if sql not in self._columns:
            self._columns[sql] = f"shown {len(self._columns) + 1}"
            item = exp.alias_(node.copy(), self._columns[sql], quoted=True, copy=False)
            item.type = node.type
            self.query.append("expressions", item)
        return self._columns[sql]


def _check_place(call: exp.Expr, select: exp.Select) -> None:
    """A derived number has its interval where rows are shown, and nowhere before."""
    number = argument_of(call).unnest()
    kind = number.type.this.value if number.type is not None else "UNKNOWN"
    if kind in ("TEXT", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "INTERVAL"):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"{call.name.lower()} needs a number.",
            "Ask for the interval of the number that this is made of.",
            position_of(call),
        )
    node = call
    while node.parent is not None and node.parent is not select:
        node = node.parent
        if isinstance(node, (exp.AggFunc, exp.Window)):
            raise _elsewhere(call)
    if node.arg_key not in ("expressions", "order"):
        raise _elsewhere(call)


def _elsewhere(call: exp.Expr) -> Refusal:
    return refuse(
        call,
        f"The interval of a computed number, {call.name.lower()}, here",
        "Select it in an inner query under a name of its own, and use that name.",
    )


def _column(table: str, name: str) -> exp.Column:
    return exp.column(name, table=table, quoted=True)


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True))
