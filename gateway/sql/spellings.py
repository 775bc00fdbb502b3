"""Which syntax stands for which function of the table, and which parts of it are read.

A node whose class is not listed, or that carries a part which is not listed, is refused: nothing
that the analyst wrote is ever dropped silently.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp


@dataclass(frozen=True, slots=True)
class Spelling:
    """`parts` are the node's arguments in the order of the function's; a list part is spread."""

    function: str
    parts: tuple[str, ...] = ("this", "expression")


_NOTES = {"safe", "typed", "coalesce", "ignore_nulls", "big_int", "_type"}
"""Arguments in which sqlglot keeps dialect facts, not the analyst's words."""

SPELLINGS: dict[type[exp.Expr], Spelling] = {
    exp.Add: Spelling("add"),
    exp.Sub: Spelling("subtract"),
    exp.Mul: Spelling("multiply"),
    exp.Div: Spelling("divide"),
    exp.Mod: Spelling("mod"),
    exp.Neg: Spelling("negate", ("this",)),
    exp.Abs: Spelling("abs", ("this",)),
    exp.Floor: Spelling("floor", ("this",)),
    exp.Ceil: Spelling("ceil", ("this",)),
    exp.Round: Spelling("round", ("this", "decimals")),
    exp.Trunc: Spelling("trunc", ("this", "decimals")),
    exp.IntDiv: Spelling("div"),
    exp.Sign: Spelling("sign", ("this",)),
    exp.Sqrt: Spelling("sqrt", ("this",)),
    exp.Ln: Spelling("ln", ("this",)),
    exp.Cbrt: Spelling("cbrt", ("this",)),
    exp.Pi: Spelling("pi", ()),
    exp.Degrees: Spelling("degrees", ("this",)),
    exp.Radians: Spelling("radians", ("this",)),
    exp.Sin: Spelling("sin", ("this",)),
    exp.Cos: Spelling("cos", ("this",)),
    exp.Tan: Spelling("tan", ("this",)),
    exp.Cot: Spelling("cot", ("this",)),
    exp.Asin: Spelling("asin", ("this",)),
    exp.Acos: Spelling("acos", ("this",)),
    exp.Atan: Spelling("atan", ("this",)),
    exp.Atan2: Spelling("atan2"),
    exp.Sinh: Spelling("sinh", ("this",)),
    exp.Cosh: Spelling("cosh", ("this",)),
    exp.Tanh: Spelling("tanh", ("this",)),
    exp.BitwiseAnd: Spelling("bit_and"),
    exp.BitwiseOr: Spelling("bit_or"),
    exp.BitwiseXor: Spelling("bit_xor"),
    exp.BitwiseNot: Spelling("bit_not", ("this",)),
    exp.BitwiseLeftShift: Spelling("shift_left"),
    exp.BitwiseRightShift: Spelling("shift_right"),
    exp.Hex: Spelling("to_hex", ("this",)),
    exp.Exp: Spelling("exp", ("this",)),
    exp.Pow: Spelling("power"),
    exp.EQ: Spelling("eq"),
    exp.NEQ: Spelling("ne"),
    exp.LT: Spelling("lt"),
    exp.LTE: Spelling("le"),
    exp.GT: Spelling("gt"),
    exp.GTE: Spelling("ge"),
    exp.Between: Spelling("between", ("this", "low", "high")),
    exp.In: Spelling("in", ("this", "expressions")),
    exp.NullSafeNEQ: Spelling("distinct_from"),
    exp.NullSafeEQ: Spelling("not_distinct_from"),
    exp.And: Spelling("and"),
    exp.Or: Spelling("or"),
    exp.Not: Spelling("not", ("this",)),
    exp.Coalesce: Spelling("coalesce", ("this", "expressions")),
    exp.Nullif: Spelling("nullif"),
    exp.Greatest: Spelling("greatest", ("this", "expressions")),
    exp.Least: Spelling("least", ("this", "expressions")),
    exp.Lower: Spelling("lower", ("this",)),
    exp.Upper: Spelling("upper", ("this",)),
    exp.Length: Spelling("length", ("this",)),
    exp.BitLength: Spelling("bit_length", ("this",)),
    exp.Overlay: Spelling("overlay", ("this", "expression", "from_", "for_")),
    exp.Translate: Spelling("translate", ("this", "from_", "to")),
    exp.Reverse: Spelling("reverse", ("this",)),
    exp.Repeat: Spelling("repeat", ("this", "times")),
    exp.SplitPart: Spelling("split_part", ("this", "delimiter", "part_index")),
    exp.ConcatWs: Spelling("concat_ws", ("expressions",)),
    exp.Ascii: Spelling("ascii", ("this",)),
    exp.MD5: Spelling("md5", ("this",)),
    exp.Substring: Spelling("substring", ("this", "start", "length")),
    exp.Left: Spelling("left"),
    exp.Right: Spelling("right"),
    exp.Replace: Spelling("replace", ("this", "expression", "replacement")),
    exp.StrPosition: Spelling("position", ("this", "substr")),
    exp.Concat: Spelling("concatenate", ("expressions",)),
    exp.DPipe: Spelling("join"),
    exp.Like: Spelling("like"),
    exp.ILike: Spelling("ilike"),
    exp.StartsWith: Spelling("starts_with"),
    exp.RegexpILike: Spelling("regexp_ilike"),
    exp.RegexpCount: Spelling("regexp_count"),
    exp.RegexpSubstr: Spelling("regexp_substr"),
    exp.TimestampFromParts: Spelling(
        "make_timestamp", ("year", "month", "day", "hour", "min", "sec")
    ),
    exp.WidthBucket: Spelling("width_bucket", ("this", "min_value", "max_value", "num_buckets")),
}

VOLATILE: tuple[type[exp.Expr], ...] = (
    exp.Rand,
    exp.Randn,
    exp.Uuid,
    exp.CurrentTimestamp,
    exp.CurrentDate,
    exp.CurrentTime,
    exp.Localtime,
    exp.Localtimestamp,
    exp.CurrentUser,
)
"""Functions whose value is not fixed by the row: refused with a hint of their own."""


def parts_of(node: exp.Expr, spelling: Spelling) -> list[exp.Expr] | None:
    """A node's parts in the function's order; None where it carries one that is not read."""
    for name, value in node.args.items():
        if value is None or value is False or value == []:
            continue
        if name not in spelling.parts and name not in _NOTES:
            return None
    found: list[exp.Expr] = []
    for name in spelling.parts:
        value = node.args.get(name)
        if isinstance(value, list):
            found.extend(value)
        elif value is not None:
            found.append(value)
    return found
