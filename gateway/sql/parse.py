"""Text to one syntax tree. Limits come first, so that hostile text costs milliseconds.

sqlglot parses; nothing else of it touches protected data. A statement that is not one query is
refused here, and so is every spelling that sqlglot reads differently from PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType

from gateway.errors import Code, Position, Refusal
from gateway.sql.dialect import AsWritten
from gateway.sql.wrappers import Wrapping, unwrapped, without_explain

MOST_CHARACTERS = 65_536
MOST_TOKENS = 8_000
MOST_DEPTH = 30
"""Parentheses and CASE within one another: sqlglot runs out of stack at about 36."""
MOST_DOUBLING = 4
"""Brackets, and parentheses after the name of a type, within one another: sqlglot reads what is in
them twice, so that each level doubles the time; twenty take a minute."""
MOST_TREE_DEPTH = 150
"""Levels of the syntax tree; the stages behind it recurse, and must not run out of stack."""

_OPENING = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE}
_ROOTS = {TokenType.PIPE_SLASH, TokenType.DPIPE_SLASH}
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Pow)
_STARTS = {TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN}
_CLOSING = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END}
_DOUBLING = {TokenType.L_BRACKET, TokenType.L_BRACE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One query as syntax, and what stood around it in the text."""

    query: exp.Query
    wrapping: Wrapping


def parse(text: str) -> Parsed:
    """The one query in `text`, in PostgreSQL's dialect, without EXPLAIN and OPTIONS around it.

    Raises Refusal: SQL_SYNTAX with a position where it cannot be parsed, UNSUPPORTED_SQL where it
    is too long, too deep, several statements, or not a query.
    """
    if len(text) > MOST_CHARACTERS:
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"The SQL is {len(text)} characters long; at most {MOST_CHARACTERS} are read.",
            "Shorten the statement, for example by replacing long IN lists with ranges.",
        )
    if "\x00" in text:
        raise Refusal(
            Code.SQL_SYNTAX,
            "The SQL contains a NUL character.",
            "Remove the NUL character.",
        )
    text, explains = without_explain(text)
    tokens = _tokens(text)
    _check_shape(tokens)
    text, wrapping = unwrapped(text, tokens, explains)
    tokens = _tokens(text)
    if tokens and tokens[0].token_type not in _STARTS:
        raise _not_a_query()
    try:
        trees = [tree for tree in sqlglot.parse(text, dialect=AsWritten) if tree is not None]
    except ParseError as fault:
        raise _syntax(fault) from None
    except RecursionError:
        raise _too_deep(None) from None
    if not trees:
        raise Refusal(Code.SQL_SYNTAX, "The SQL is empty.", "Send one SELECT statement.")
    if len(trees) > 1:
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"The text holds {len(trees)} statements.",
            "Send one SELECT statement at a time.",
        )
    tree = trees[0]
    _check_depth(tree)
    if not isinstance(tree, exp.Query) or tree.find(exp.Into):
        raise _not_a_query()
    _check_dropped(tree)
    _name_every(tree)
    _check_prefixes(tree)
    return Parsed(query=tree, wrapping=wrapping)


def position_of(node: exp.Expr) -> Position | None:
    """Where a node starts in the analyst's text, as far as its parts remember."""
    kept = node.meta.get("place")
    if isinstance(kept, Position):
        return kept
    fragment = node.sql(dialect="postgres")[:80]
    known = [part.meta for part in node.walk() if "start" in part.meta and "line" in part.meta]
    if known:
        first = min(known, key=lambda meta: int(meta["start"]))
        column = int(first["col"]) - int(first["end"]) + int(first["start"])
        return Position(line=int(first["line"]), column=max(1, column), fragment=fragment)
    return Position(line=1, column=1, fragment=fragment) if fragment else None


def _tokens(text: str) -> list[Token]:
    try:
        return list(sqlglot.tokenize(text, dialect="postgres"))
    except TokenError as fault:
        raise Refusal(
            Code.SQL_SYNTAX,
            "The SQL cannot be read: a string, quoted name or comment does not end.",
            "Close every quote and comment.",
        ) from fault


def _check_shape(tokens: list[Token]) -> None:
    if len(tokens) > MOST_TOKENS:
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"The SQL has {len(tokens)} tokens; at most {MOST_TOKENS} are read.",
            "Shorten the statement.",
        )
    open_: list[bool] = []
    for index, token in enumerate(tokens):
        if token.token_type in _OPENING:
            open_.append(_doubles(token, tokens[index - 1] if index else None))
            if len(open_) > MOST_DEPTH or sum(open_) > MOST_DOUBLING:
                raise _too_deep(token)
        elif token.token_type in _CLOSING and open_:
            open_.pop()
        elif token.token_type in _ROOTS:
            # In PostgreSQL they take all of a sum that follows, in sqlglot its first term.
            raise Refusal(
                Code.UNSUPPORTED_SQL,
                f"The operator {token.text} is not supported.",
                "Write sqrt(x) or cbrt(x).",
                _place(token),
            )
    for before, after in pairwise(tokens):
        for spelling, found in _misread(before, after):
            raise Refusal(Code.SQL_SYNTAX, f"{spelling} is not PostgreSQL.", found, _place(after))


def _doubles(token: Token, before: Token | None) -> bool:
    """Whether sqlglot tries what this token opens in two ways."""
    if token.token_type in _DOUBLING:
        return True
    after_type = before is not None and before.token_type in Parser.TYPE_TOKENS
    return after_type and token.token_type is TokenType.L_PAREN


def _misread(before: Token, after: Token) -> Iterator[tuple[str, str]]:
    adjacent = after.start == before.end + 1
    if before.token_type is TokenType.NUMBER and adjacent and after.token_type is TokenType.VAR:
        yield (
            f"The number {before.text}{after.text}",
            "Write numbers without letters or underscores.",
        )
    if after.token_type is TokenType.PARAMETER and after.text == "@":
        yield "The operator @", "Write abs(x)."


def _check_depth(tree: exp.Expr) -> None:
    level = [tree]
    for _ in range(MOST_TREE_DEPTH):
        level = [child for node in level for child in node.iter_expressions()]
        if not level:
            return
    raise _too_deep(None)


def _check_dropped(tree: exp.Expr) -> None:
    """Words that change what a query means, and that are lost when it is printed again."""
    for node in tree.find_all(exp.LimitOptions, exp.Group, exp.Count):
        if isinstance(node, exp.Count) and (node.this is None or node.args.get("expressions")):
            what, hint = "COUNT of no or several values", "Use COUNT(*) or COUNT(a)."
        elif node.args.get("with_ties") or node.args.get("percent"):
            what, hint = "WITH TIES or PERCENT", "Use LIMIT with a number of rows."
        elif isinstance(node, exp.Group) and node.args.get("all") is False:
            what, hint = "GROUP BY DISTINCT", "Leave DISTINCT out: equal groups are one."
        else:
            continue
        place = position_of(node if isinstance(node, exp.Count) else node.parent or node)
        raise Refusal(Code.UNSUPPORTED_SQL, f"{what} is not supported.", hint, place)


def _name_every(tree: exp.Expr) -> None:
    """EVERY is the standard's name for BOOL_AND, which sqlglot takes for an unknown function."""
    for node in list(tree.find_all(exp.Anonymous)):
        if node.name.lower() == "every" and len(node.expressions) == 1:
            made = exp.LogicalAnd(this=node.expressions[0])
            made.meta["place"] = position_of(node)
            node.replace(made)


def _check_prefixes(tree: exp.Expr) -> None:
    """`~a + b` is `~(a + b)` in PostgreSQL, and `(~a) + b` in sqlglot."""
    for node in tree.find_all(exp.BitwiseNot):
        if isinstance(node.parent, _ARITHMETIC) and node.parent.this is node:
            raise Refusal(
                Code.UNSUPPORTED_SQL,
                "~ before a calculation is not supported.",
                "Put parentheses around what ~ belongs to.",
                position_of(node),
            )


def _not_a_query() -> Refusal:
    return Refusal(
        Code.UNSUPPORTED_SQL,
        "Only queries are answered: the gateway never changes data.",
        "Send a statement that starts with SELECT or WITH.",
    )


def _too_deep(token: Token | None) -> Refusal:
    return Refusal(
        Code.UNSUPPORTED_SQL,
        "The SQL is nested too deeply.",
        f"At most {MOST_DEPTH} parentheses and {MOST_DOUBLING} brackets or types with parentheses "
        "stand in one another; split the query with WITH.",
        _place(token) if token else None,
    )


def _place(token: Token) -> Position:
    start = max(1, token.col - len(token.text) + 1)
    return Position(line=token.line, column=start, fragment=token.text[:80])


def _syntax(fault: ParseError) -> Refusal:
    first = fault.errors[0] if fault.errors else {}
    line, column = first.get("line"), first.get("col")
    fragment = str(first.get("highlight") or "")
    position = (
        Position(line=line, column=max(1, column - len(fragment) + 1), fragment=fragment[:80])
        if line is not None and column is not None
        else None
    )
    near = f' near "{fragment[:40]}"' if fragment else ""
    return Refusal(
        Code.SQL_SYNTAX,
        f"The SQL cannot be parsed{near}.",
        "Check the statement against PostgreSQL's grammar.",
        position,
    )
