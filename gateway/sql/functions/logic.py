"""Comparisons, boolean operators, NULL and choice."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gateway.privacy.domains import ANYTHING, Domain, Interval, interval_of, number_of, union
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.arithmetic import shared
from gateway.sql.functions.base import Nulls, Rendering, entry, plain
from gateway.sql.functions.conversion import as_moment
from gateway.sql.types import BOOLEAN, INTEGER, Kind, Scalar, Type


def comparable(a: Type, b: Type) -> bool:
    """Whether values of two types can be compared without a cast that may fail."""
    return shared(a, b) is not None


def compared_as_they_are(a: Type, b: Type) -> bool:
    """Whether a value of one type equals at most one value of the other.

    It does not where the two are compared as another type: several whole numbers of more than 53
    bits equal one floating-point number.
    """
    return a.kind is b.kind and (a.kind is not Kind.DECIMAL or a.scale == b.scale)


def _comparison(arguments: Sequence[Expr]) -> Type | None:
    """All with one another, not only with the first: that may be NULL, which fits any, and an
    engine still brings the others to one type."""
    return BOOLEAN if len(arguments) > 1 and shared_type(arguments) is not None else None


def _logic(arguments: Sequence[Expr]) -> Type | None:
    fits = all(argument.type.kind in (Kind.BOOLEAN, Kind.NULL) for argument in arguments)
    return BOOLEAN if fits else None


def _any(arguments: Sequence[Expr]) -> Type | None:
    return BOOLEAN


def shared_type(arguments: Sequence[Expr]) -> Type | None:
    """The type that all arguments are brought to where they are compared."""
    found: Type | None = arguments[0].type
    for argument in arguments[1:]:
        found = shared(found, argument.type) if found else None
    return found


def _extreme(arguments: Sequence[Expr]) -> Type | None:
    """No intervals: of equal ones, a month and 30 days, each engine has another as the greater."""
    found = shared_type(arguments)
    return found if found and found.kind is not Kind.INTERVAL else None


def _first(arguments: Sequence[Expr]) -> Type | None:
    return arguments[0].type if comparable(arguments[0].type, arguments[1].type) else None


def _range_of_choice(call: Call, domains: Sequence[Domain]) -> Domain:
    if any(part.type.kind is not call.type.kind for part in call.arguments if part.type.temporal):
        return ANYTHING  # days and microseconds do not compare
    found = interval_of(domains[0])
    for domain in domains[1:]:
        other = interval_of(domain)
        found = union(found, other) if found and other else None
    return found or ANYTHING


def _range_of_extreme(call: Call, domains: Sequence[Domain]) -> Domain:
    """A constant among the arguments bounds the result on one side: it is never passed over.

    So LEAST(GREATEST(x, low), high) is bounded whatever x is, and is `high` where x is NULL.
    """
    if any(part.type.temporal for part in call.arguments):
        return _range_of_choice(call, domains)
    ends = [_ends(part, domain) for part, domain in zip(call.arguments, domains, strict=True)]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    constants = [low for part, low in zip(call.arguments, lows, strict=True) if _constant(part)]
    if call.function == "least":
        highs = [min(c for c in constants if c is not None)] if constants else highs
    else:
        lows = [max(c for c in constants if c is not None)] if constants else lows
    known = [[end for end in side if end is not None] for side in (lows, highs)]
    if len(known[0]) < len(lows) or len(known[1]) < len(highs):
        return ANYTHING
    return Interval(min(known[0]), max(known[1]))


def _ends(expr: Expr, domain: Domain) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value of an argument, each None where it is not known."""
    interval = interval_of(domain)
    if interval:
        return interval.lo, interval.hi
    if isinstance(expr, Call) and expr.function in ("greatest", "least"):
        known = [number_of(p.value) for p in expr.arguments if isinstance(p, Literal)]
        numbers = [number for number in known if number is not None]
        if numbers:
            low = max(numbers) if expr.function == "greatest" else None
            return low, None if low is not None else min(numbers)
    return None, None


def _constant(expr: Expr) -> bool:
    return isinstance(expr, Literal) and number_of(expr.value) is not None


def _range_of_first(call: Call, domains: Sequence[Domain]) -> Domain:
    return interval_of(domains[0]) or ANYTHING


def _aligned(render: Rendering) -> Rendering:
    """Arguments brought to one type first, where DuckDB's own cast to it fails for some values."""

    def write(call: Call, arguments: Sequence[str]) -> str:
        kind = shared_type(call.arguments)
        pairs = zip(arguments, call.arguments, strict=True)
        return render(call, [_as(text, part, call, kind) for text, part in pairs])

    return write


def _as(text: str, part: Expr, call: Call, kind: Type | None) -> str:
    if kind is None or part.type.kind in (kind.kind, Kind.NULL):
        return text
    if part.type.kind is Kind.DATE and not isinstance(part, Literal):
        return as_moment(text, kind)
    numeric = kind.kind is Kind.FLOAT and all(p.type.kind is not Kind.FLOAT for p in call.arguments)
    return f"CAST({text} AS DOUBLE)" if numeric else text


def _infix(symbol: str) -> Rendering:
    return lambda call, arguments: "(" + f" {symbol} ".join(arguments) + ")"


def _one_type(name: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        return f"{name}({', '.join(arguments)})"

    return write


def _write_in(call: Call, arguments: Sequence[str]) -> str:
    return f"({arguments[0]} IN ({', '.join(arguments[1:])}))"


def _write_nullif(call: Call, arguments: Sequence[str]) -> str:
    a, b = call.arguments
    if a.type == b.type:
        return f"nullif({arguments[0]}, {arguments[1]})"
    equal = _aligned(plain("({0} = {1})"))(call, arguments)
    return f"CASE WHEN {equal} THEN NULL ELSE {arguments[0]} END"


def _counted(call: Call) -> tuple[Scalar, ...]:
    return tuple(range(len(call.arguments) + 1))


def _range_of_counted(call: Call, domains: Sequence[Domain]) -> Domain:
    return Interval(Fraction(0), Fraction(len(call.arguments)))


def _write_counted(test: str) -> Rendering:
    return lambda call, arguments: (
        "(" + " + ".join(f"CAST({argument} {test} AS INTEGER)" for argument in arguments) + ")"
    )


def _truth(call: Call) -> tuple[Scalar, ...]:
    return (False, True)


def _truth_or_null(call: Call) -> tuple[Scalar, ...]:
    return (False, True, None)


FUNCTIONS = (
    entry("eq", "a = b", _comparison, _aligned(plain("({0} = {1})")), members=_truth_or_null),
    entry("ne", "a <> b", _comparison, _aligned(plain("({0} <> {1})")), members=_truth_or_null),
    entry("lt", "a < b", _comparison, _aligned(plain("({0} < {1})")), members=_truth_or_null),
    entry("le", "a <= b", _comparison, _aligned(plain("({0} <= {1})")), members=_truth_or_null),
    entry("gt", "a > b", _comparison, _aligned(plain("({0} > {1})")), members=_truth_or_null),
    entry("ge", "a >= b", _comparison, _aligned(plain("({0} >= {1})")), members=_truth_or_null),
    entry(
        "between",
        "a BETWEEN b AND c",
        _comparison,
        _aligned(plain("({0} BETWEEN {1} AND {2})")),
        nulls=Nulls.SOMETIMES,
        members=_truth_or_null,
    ),
    entry(
        "in",
        "a IN (b, …)",
        _comparison,
        _aligned(_write_in),
        nulls=Nulls.SOMETIMES,
        members=_truth_or_null,
    ),
    entry(
        "distinct_from",
        "a IS DISTINCT FROM b",
        _comparison,
        _aligned(plain("({0} IS DISTINCT FROM {1})")),
        nulls=Nulls.NEVER,
        members=_truth,
    ),
    entry(
        "not_distinct_from",
        "a IS NOT DISTINCT FROM b",
        _comparison,
        _aligned(plain("({0} IS NOT DISTINCT FROM {1})")),
        nulls=Nulls.NEVER,
        members=_truth,
    ),
    entry(
        "is_null",
        "a IS NULL",
        _any,
        plain("({0} IS NULL)"),
        nulls=Nulls.NEVER,
        members=_truth,
    ),
    entry(
        "is_not_null",
        "a IS NOT NULL",
        _any,
        plain("({0} IS NOT NULL)"),
        nulls=Nulls.NEVER,
        members=_truth,
    ),
    entry(
        "is_true",
        "a IS TRUE",
        _logic,
        plain("({0} IS NOT DISTINCT FROM TRUE)"),
        nulls=Nulls.NEVER,
        members=_truth,
    ),
    entry(
        "is_false",
        "a IS FALSE",
        _logic,
        plain("({0} IS NOT DISTINCT FROM FALSE)"),
        nulls=Nulls.NEVER,
        members=_truth,
    ),
    entry(
        "num_nulls",
        "num_nulls(a, b, …), num_nonnulls(a, b, …)",
        lambda arguments: INTEGER,
        _write_counted("IS NULL"),
        range=_range_of_counted,
        nulls=Nulls.NEVER,
        members=_counted,
    ),
    entry(
        "num_nonnulls",
        "",
        lambda arguments: INTEGER,
        _write_counted("IS NOT NULL"),
        range=_range_of_counted,
        nulls=Nulls.NEVER,
        members=_counted,
    ),
    entry("and", "a AND b", _logic, _infix("AND"), nulls=Nulls.SOMETIMES, members=_truth_or_null),
    entry("or", "a OR b", _logic, _infix("OR"), nulls=Nulls.SOMETIMES, members=_truth_or_null),
    entry("not", "NOT a", _logic, plain("(NOT {0})"), members=_truth_or_null),
    entry(
        "coalesce",
        "coalesce(a, b, …)",
        shared_type,
        _aligned(_one_type("coalesce")),
        range=_range_of_choice,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "nullif",
        "nullif(a, b)",
        _first,
        _write_nullif,
        range=_range_of_first,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "greatest",
        "greatest(a, b, …), NULLs passed over",
        _extreme,
        _aligned(_one_type("greatest")),
        range=_range_of_extreme,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "least",
        "least(a, b, …), NULLs passed over",
        _extreme,
        _aligned(_one_type("least")),
        range=_range_of_extreme,
        nulls=Nulls.SOMETIMES,
    ),
)
