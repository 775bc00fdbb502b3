"""Syntax that stands for a function of the table in a way of its own.

Each form is a pure function from a node to simpler syntax, or to a function's name and arguments;
None where it carries a part that is not read, which is then refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from gateway.sql.functions.patterns import like_pattern
from gateway.sql.regex import Unread, similar


@dataclass(frozen=True, slots=True)
class Applied:
    """A function of the table, to be bound with these arguments."""

    function: str
    arguments: tuple[exp.Expr, ...]


Form = exp.Expr | Applied | None

NAMED: dict[str, str] = {
    name: name
    for name in (
        *("octet_length", "num_nulls", "num_nonnulls", "gcd", "lcm", "make_date", "isfinite"),
        *("age", "to_char", "to_date", "to_timestamp"),
    )
}
"""Functions that sqlglot has no class for, by the name that analysts write."""

VOLATILE_NAMES = frozenset(
    {
        *("transaction_timestamp", "statement_timestamp", "clock_timestamp", "timeofday"),
        *("setseed", "nextval", "currval", "lastval", "txid_current", "pg_backend_pid"),
    }
)
"""Functions whose value is not fixed by the row, of those that sqlglot has no class for."""

_MOST_NODES = 20_000
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Like, exp.ILike)


def form(node: exp.Expr) -> Form:
    """What a node stands for; itself where it has no form of its own."""
    make = _FORMS.get(type(node))
    return make(node) if make else node


def _only(node: exp.Expr, *parts: str) -> bool:
    return all(name in parts for name, value in node.args.items() if value)


def _text(node: exp.Expr | None) -> str | None:
    return node.this if isinstance(node, exp.Literal) and node.is_string else None


def _anonymous(node: exp.Expr) -> Form:
    name = str(node.this).lower()
    parts = tuple(node.expressions)
    if name == "timezone" and len(parts) == 2:
        return Applied("at_time_zone", (parts[1], parts[0]))
    if name == "to_timestamp" and len(parts) == 2:
        return Applied("to_timestamp_by", parts)
    if name not in NAMED or not parts:
        return node
    return Applied(NAMED[name], parts)


def _escape(node: exp.Expr) -> Form:
    """LIKE or SIMILAR TO with an escape of its own."""
    escape, inner = _text(node.expression), node.this
    pattern = _text(inner.expression)
    if escape is None or pattern is None or len(escape) > 1:
        return None
    if isinstance(inner, exp.SimilarTo):
        return _similar(inner, escape)
    if not isinstance(inner, (exp.Like, exp.ILike)):
        return None
    written = like_pattern(pattern, escape)
    if written is None:
        return None
    made = inner.copy()
    made.set("expression", exp.Literal.string(written))
    return made


def _similar(node: exp.Expr, escape: str = "\\") -> Form:
    pattern = _text(node.expression)
    try:
        written = similar(pattern, escape) if pattern is not None else None
    except Unread:
        return None
    return Applied("regexp_like", (node.this, exp.Literal.string(written))) if written else None


def _regexp_like(node: exp.Expr) -> Form:
    flag = node.args.get("flag")
    name = {None: "regexp_like", "": "regexp_like", "i": "regexp_ilike"}.get(_text(flag))
    if name is None or not _only(node, "this", "expression", "flag") or (flag and not _text(flag)):
        return None
    return Applied(name, (node.this, node.expression))


def _regexp_replace(node: exp.Expr) -> Form:
    if not _only(node, "this", "expression", "replacement", "modifiers", "single_replace"):
        return None
    flags = node.args.get("modifiers")
    parts = (node.this, node.expression, node.args.get("replacement") or exp.Literal.string(""))
    return Applied("regexp_replace", (*parts, flags) if flags is not None else parts)


def _listed(node: exp.Expr) -> Form:
    """`= ANY (ARRAY[…])` and `<> ALL (ARRAY[…])` are IN and NOT IN; other comparisons with a list
    are joined by OR or AND. Rows compare part by part."""
    if isinstance(node.expression, (exp.Any, exp.All, exp.Anonymous)):
        found = _list(node.expression)
        if found:
            return _with_list(node, *found)
    return _rows(node)


def _list(node: exp.Expr) -> tuple[bool, list[exp.Expr]] | None:
    """Whether any or all, and the values."""
    if isinstance(node, exp.Anonymous):
        name = str(node.this).lower()
        if name not in ("any", "some", "all") or len(node.expressions) != 1:
            return None
        any_, inner = name != "all", node.expressions[0]
    else:
        any_, inner = isinstance(node, exp.Any), node.this
    inner = inner.unnest() if isinstance(inner, exp.Paren) else inner
    inner = inner.this if isinstance(inner, exp.Cast) else inner
    if not isinstance(inner, exp.Array) or not inner.expressions:
        return None
    return any_, list(inner.expressions)


def _with_list(node: exp.Expr, any_: bool, values: list[exp.Expr]) -> Form:
    if not _copied([node.this], len(values)):
        return None
    if isinstance(node, exp.EQ) and any_:
        return exp.In(this=node.this.copy(), expressions=[value.copy() for value in values])
    if isinstance(node, exp.NEQ) and not any_:
        return exp.Not(
            this=exp.In(this=node.this.copy(), expressions=[value.copy() for value in values])
        )
    tests: list[exp.Expr] = []
    for value in values:
        test = node.copy()
        test.set("expression", value.copy())
        tests.append(test)
    return Applied("or" if any_ else "and", tuple(tests)) if len(tests) > 1 else tests[0]


def _copied(parts: list[exp.Expr], times: int) -> bool:
    """Whether parts may be written so many times: not where they would be copied in turn, which
    doubles with each level, nor where the whole grows large."""
    nodes = 0
    for part in parts:
        for inner in part.walk():
            nodes += 1
            if isinstance(inner, (exp.Tuple, exp.Array)) or inner.args.get("symmetric"):
                return False
            if isinstance(inner, exp.Anonymous) and str(inner.this).lower() == "row":
                return False
    return nodes * times <= _MOST_NODES


def _fields(node: exp.Expr) -> list[exp.Expr] | None:
    """The parts of a row such as (a, b) or ROW(a, b)."""
    if isinstance(node, exp.Tuple):
        return list(node.expressions)
    if isinstance(node, exp.Anonymous) and str(node.this).lower() == "row":
        return list(node.expressions)
    return None


def _rows(node: exp.Expr) -> Form:
    """(a, b) = (c, d) is a = c AND b = d; (a, b) < (c, d) is a < c OR (a = c AND b < d)."""
    left, right = _fields(node.this), _fields(node.expression)
    if left is None and right is None:
        return node
    if not left or not right or len(left) != len(right) or isinstance(node, (exp.Like, exp.ILike)):
        return None
    if not _copied([*left, *right], 2):
        return None
    pairs = list(zip(left, right, strict=True))
    if isinstance(node, exp.EQ):
        return _all(exp.And, [_pair(exp.EQ, pair) for pair in pairs])
    if isinstance(node, exp.NEQ):
        return _all(exp.Or, [_pair(exp.NEQ, pair) for pair in pairs])
    strict = _STRICT.get(type(node), type(node))
    made: exp.Expr = _pair(type(node), pairs[-1])
    for pair in reversed(pairs[:-1]):
        same = exp.And(this=_pair(exp.EQ, pair), expression=made)
        made = exp.Or(this=_pair(strict, pair), expression=exp.Paren(this=same))
    return exp.Paren(this=made)


_STRICT: dict[type[exp.Expr], type[exp.Expr]] = {exp.LTE: exp.LT, exp.GTE: exp.GT}


def _pair(kind: type[exp.Expr], pair: tuple[exp.Expr, exp.Expr]) -> exp.Expr:
    return kind(this=pair[0].copy(), expression=pair[1].copy())


def _all(kind: type[exp.Expr], tests: list[exp.Expr]) -> exp.Expr:
    made = tests[0]
    for test in tests[1:]:
        made = kind(this=made, expression=test)
    return exp.Paren(this=made)


def _in(node: exp.Expr) -> Form:
    left = _fields(node.this)
    if left is None or not _only(node, "this", "expressions"):
        return node
    if not _copied(left, len(node.expressions)):
        return None
    values = [exp.EQ(this=node.this.copy(), expression=v.copy()) for v in node.expressions]
    return _all(exp.Or, list(values)) if values else None


def _between(node: exp.Expr) -> Form:
    if not node.args.get("symmetric"):
        return node
    parts = [node.this, node.args["low"], node.args["high"]]
    numbers = [float(end.this) for end in parts[1:] if end.is_number]
    if len(numbers) == 2:
        low, high = parts[1:] if numbers[0] <= numbers[1] else (parts[2], parts[1])
        return exp.Between(this=parts[0].copy(), low=low.copy(), high=high.copy())
    if not _copied(parts, 2):
        return None
    ways = [
        exp.Between(this=parts[0].copy(), low=parts[i].copy(), high=parts[3 - i].copy())
        for i in (1, 2)
    ]
    return _all(exp.Or, list(ways))


def _trim(node: exp.Expr) -> Form:
    if not _only(node, "this", "expression", "position"):
        return None
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(node.args.get("position") or "", "trim")
    characters = node.args.get("expression")
    return Applied(name, (node.this, characters) if characters is not None else (node.this,))


def _pad(node: exp.Expr) -> Form:
    fill = node.args.get("fill_pattern")
    parts = (node.this, node.expression)
    return Applied(
        "lpad" if node.args.get("is_left") else "rpad", (*parts, fill) if fill else parts
    )


def _log(node: exp.Expr) -> Form:
    base, value = node.this, node.args.get("expression")
    if value is None:
        return Applied("log10", (base,))
    if isinstance(base, exp.Literal) and base.this == "10":
        return Applied("log10", (value,))
    return Applied("log", (base, value))


def _zoned(node: exp.Expr) -> Form:
    return Applied("at_time_zone", (node.this, node.args["zone"]))


def _binned(node: exp.Expr) -> Form:
    stride = node.this
    if _text(stride) is not None:
        stride = exp.Interval(this=stride.copy())
    origin = node.args.get("unit")
    if origin is None or not _only(node, "this", "expression", "unit"):
        return None
    return Applied("date_bin", (stride, node.expression, origin))


_SPANS = ("year", "month", "week", "day", "hour", "minute", "second")


def _made_interval(node: exp.Expr) -> Form:
    """The sum of each unit times its number."""
    terms: list[exp.Expr] = []
    for name, value in node.args.items():
        amount = value.expression if isinstance(value, exp.Kwarg) else value
        if amount is None or name not in _SPANS:
            return None
        unit = exp.Interval(this=exp.Literal.string("1"), unit=exp.var(name))
        terms.append(exp.Mul(this=unit, expression=exp.Paren(this=amount.copy())))
    return _all(exp.Add, terms) if terms else None


def _buckets(node: exp.Expr) -> Form:
    threshold = node.args.get("threshold")
    if threshold is None:
        return node
    if not isinstance(threshold, exp.Array) or not threshold.expressions:
        return None
    return Applied("width_bucket_between", (node.this, *threshold.expressions))


_FORMS: dict[type[exp.Expr], Callable[[exp.Expr], Form]] = {
    exp.Anonymous: _anonymous,
    exp.Escape: _escape,
    exp.SimilarTo: _similar,
    exp.RegexpLike: _regexp_like,
    exp.RegexpReplace: _regexp_replace,
    **dict.fromkeys(_COMPARISONS, _listed),
    exp.In: _in,
    exp.Between: _between,
    exp.Trim: _trim,
    exp.Pad: _pad,
    exp.Log: _log,
    exp.AtTimeZone: _zoned,
    exp.DateBin: _binned,
    exp.MakeInterval: _made_interval,
    exp.WidthBucket: _buckets,
    exp.Initcap: lambda node: Applied("initcap", (node.this,)),
    exp.Chr: lambda node: Applied("chr", tuple(node.expressions)),
    exp.Date: lambda node: exp.Cast(this=node.this.copy(), to=exp.DataType.build("date")),
}
