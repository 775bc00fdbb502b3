"""What may stand around a query: EXPLAIN, and BigQuery's differential privacy clause.

Both are found in the tokens and blanked out of the text, so that positions in it stay true.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from sqlglot.tokenizer_core import Token

from gateway.errors import Code, Position, Refusal

_OPTIONS = ("epsilon", "max_groups_contributed", "max_rows_contributed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapping:
    """What a text asks besides its query: the plan instead of the answer, a price, bounds."""

    explains: bool = False
    epsilon: Fraction | None = None
    max_groups: int | None = None
    max_rows: int | None = None


NO_WRAPPING = Wrapping()
_EXPLAIN = re.compile(r"\s*EXPLAIN\b", re.IGNORECASE)


def without_explain(text: str) -> tuple[str, bool]:
    """The text with a leading EXPLAIN blanked out, and whether there was one.

    This comes before tokens are made: sqlglot makes one text of all that follows EXPLAIN.
    """
    found = _EXPLAIN.match(text)
    if found is None:
        return text, False
    return re.sub(r"\S", " ", found.group()) + text[found.end() :], True


def unwrapped(text: str, tokens: Sequence[Token], explains: bool) -> tuple[str, Wrapping]:
    """The query's own text, in its place, and what stood around it.

    Raises SQL_SYNTAX for a clause that is not closed, UNSUPPORTED_SQL for an option that is not
    known, each with its position.
    """
    words = [token.text.upper() for token in tokens]
    head = words[:5]
    if head[:3] != ["SELECT", "WITH", "DIFFERENTIAL_PRIVACY"]:
        return text, Wrapping(explains=explains)
    if head[3:] != ["OPTIONS", "("] or ")" not in words[5:]:
        raise Refusal(
            Code.SQL_SYNTAX,
            "WITH DIFFERENTIAL_PRIVACY is not followed by OPTIONS (…).",
            "Write SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS (epsilon = 0.5) …",
            _place(tokens[2]),
        )
    end = words.index(")", 5)
    options = _options(tokens[5:end])
    text = _blanked(text, tokens[1], tokens[end])
    return text, Wrapping(
        explains=explains,
        epsilon=options.get("epsilon"),
        max_groups=_whole(options.get("max_groups_contributed"), tokens[end]),
        max_rows=_whole(options.get("max_rows_contributed"), tokens[end]),
    )


def _options(tokens: Sequence[Token]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    rest = list(tokens)
    while rest:
        name = rest[0].text.lower()
        if name not in _OPTIONS or name in found:
            raise Refusal(
                Code.UNSUPPORTED_SQL,
                f'OPTIONS has no "{name[:40]}", or has it twice.',
                f"The options are {', '.join(_OPTIONS)}.",
                _place(rest[0]),
            )
        value = _number(rest[2].text) if len(rest) > 2 and rest[1].text == "=" else None
        if value is None or (len(rest) > 3 and rest[3].text != ","):
            raise Refusal(
                Code.SQL_SYNTAX,
                f'OPTIONS gives "{name}" no number.',
                f"Write {name} = 3, with commas between options.",
                _place(rest[0]),
            )
        found[name] = value
        rest = rest[4:]
    return found


def _number(text: str) -> Fraction | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return Fraction(value) if value.is_finite() and abs(value.adjusted()) < 40 else None


def _whole(value: Fraction | None, token: Token) -> int | None:
    if value is None:
        return None
    if value.denominator != 1 or not 1 <= value <= 2**31:
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            "A bound in OPTIONS must be a whole number of at least 1.",
            "Write for example max_groups_contributed = 3.",
            _place(token),
        )
    return int(value)


def _blanked(text: str, first: Token, last: Token) -> str:
    cut = "".join("\n" if c == "\n" else " " for c in text[first.start : last.end + 1])
    return text[: first.start] + cut + text[last.end + 1 :]


def _place(token: Token) -> Position:
    start = max(1, token.col - len(token.text) + 1)
    return Position(line=token.line, column=start, fragment=token.text[:80])
