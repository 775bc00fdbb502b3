"""COPY (query) TO STDOUT: an answer as text, CSV or binary, written as PostgreSQL's COPY writes."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gateway.server.postgres.commands import Bound, Command
from gateway.server.postgres.faults import Fault, State
from gateway.server.postgres.formats import BINARY_FORMAT, TEXT_FORMAT, Field
from gateway.server.postgres.results import Result, Row, Table
from gateway.server.postgres.statements import Statement, Word

_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + struct.pack("!ii", 0, 0)
_TRAILER = struct.pack("!h", -1)
_ESCAPES = {
    ord("\\"): "\\\\", ord("\b"): "\\b", ord("\f"): "\\f", ord("\n"): "\\n", ord("\r"): "\\r",
    ord("\t"): "\\t", ord("\v"): "\\v",
}  # fmt: skip
_OPTIONS = ("format", "delimiter", "null", "header", "quote", "escape", "force_quote", "encoding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How COPY writes. `forced` are the columns that CSV always quotes; None means all."""

    binary: bool = False
    csv: bool = False
    delimiter: str = "\t"
    null: str = "\\N"
    header: bool = False
    quote: str = '"'
    escape: str = '"'
    forced: frozenset[str] | None = frozenset()

    @property
    def format(self) -> int:
        """The format code of all columns."""
        return BINARY_FORMAT if self.binary else TEXT_FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOut:
    """COPY (query) TO STDOUT."""

    command: Command
    style: Style

    @property
    def parameters(self) -> tuple[int, ...]:
        """Those of the query."""
        return self.command.parameters

    async def fields(self) -> tuple[Field, ...] | None:
        """None: the rows come as copy data, which has no description."""
        return None

    async def run(self, bound: Bound) -> Result:
        """The query's result; the conversation sends it as copy data."""
        found = await self.command.run(replace(bound, result_formats=(self.style.format,)))
        return replace(found, tag="COPY")


def chunks(table: Table, style: Style) -> Iterator[bytes]:
    """What a result is as copy data: one chunk per row, with what stands before and behind.

    PostgreSQL sends a binary header in one chunk with what comes first, and clients rely on it.
    """
    rows = table.written(range(len(table)), (style.format,) * len(table.fields))
    if style.binary:
        head = _SIGNATURE
        for row in rows:
            yield head + _binary(row)
            head = b""
        yield head + _TRAILER
        return
    names = [column.name for column in table.fields]
    if style.header:
        header = [name.encode() for name in names]
        yield _line(header, style, [False] * len(names))
    forced = [style.forced is None or name in style.forced for name in names]
    for row in rows:
        yield _line(row, style, forced)


def _binary(row: Row) -> bytes:
    parts = [struct.pack("!h", len(row))]
    for value in row:
        parts.append(struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)))
        parts.append(value or b"")
    return b"".join(parts)


def _line(row: Row, style: Style, forced: Sequence[bool]) -> bytes:
    alone = len(row) == 1
    cells = [
        style.null if value is None else _cell(value.decode(), style, quote, alone)
        for value, quote in zip(row, forced, strict=True)
    ]
    return (style.delimiter.join(cells) + "\n").encode()


def _cell(text: str, style: Style, forced: bool, alone: bool) -> str:
    if not style.csv:
        escaped = text.translate(_ESCAPES)
        if style.delimiter in "\t\b\f\n\r\v\\":
            return escaped
        return escaped.replace(style.delimiter, f"\\{style.delimiter}")
    marks = (style.delimiter, style.quote, "\n", "\r")
    # PostgreSQL quotes a lone \. because it once ended the data.
    if forced or text == style.null or any(m in text for m in marks) or (alone and text == "\\."):
        inner = text.replace(style.escape, style.escape * 2)
        if style.quote != style.escape:
            inner = inner.replace(style.quote, style.escape + style.quote)
        return f"{style.quote}{inner}{style.quote}"
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A COPY statement's query, or the name of its table with columns, and its options."""

    query: Statement
    options: Mapping[str, Sequence[Word]] = field(default_factory=dict)


def parts(statement: Statement) -> Parts:
    """The parts of a COPY statement. Raises `Fault` where it is not COPY … TO STDOUT."""
    words = statement.words
    if len(words) < 4 or not words[1].means("("):
        raise _unread("Write COPY (SELECT …) TO STDOUT.")
    end = _closing(words, 1)
    rest = words[end + 1 :]
    if [word.text for word in rest[:2]] != ["to", "stdout"]:
        raise Fault(
            State.FEATURE_NOT_SUPPORTED,
            "COPY only sends answers to the client.",
            "Write COPY (SELECT …) TO STDOUT; nothing can be loaded, and no file written.",
        )
    options = list(rest[2:])
    if options and options[0].means("with"):
        options.pop(0)
    return Parts(query=statement.between(2, end), options=_options(options))


def style_of(options: Mapping[str, Sequence[Word]]) -> Style:
    """How the options want the rows written. Raises `Fault` for what PostgreSQL refuses too."""
    kind = _text(options.get("format"), "text").lower()
    if kind not in ("text", "csv", "binary"):
        raise _unread("FORMAT is text, csv or binary.")
    csv = kind == "csv"
    if kind == "binary" and set(options) - {"format", "encoding"}:
        raise _unread("With FORMAT binary give no other options.")
    if not csv and set(options) & {"quote", "escape", "force_quote"}:
        raise _unread("QUOTE, ESCAPE and FORCE_QUOTE need FORMAT csv.")
    quote = _text(options.get("quote"), '"')
    style = Style(
        binary=kind == "binary",
        csv=csv,
        delimiter=_text(options.get("delimiter"), "," if csv else "\t"),
        null=_text(options.get("null"), "" if csv else "\\N"),
        header=_truth(options.get("header")),
        quote=quote,
        escape=_text(options.get("escape"), quote),
        forced=_forced(options.get("force_quote")),
    )
    single = (style.delimiter, style.quote, style.escape)
    if any(len(mark) != 1 or mark in "\r\n" or not mark.isascii() for mark in single):
        raise _unread("DELIMITER, QUOTE and ESCAPE are one ASCII character each.")
    if csv and style.delimiter == style.quote:
        raise _unread("DELIMITER and QUOTE must differ.")
    if not csv and (style.delimiter.isalnum() or style.delimiter in ".\\"):
        raise _unread("Choose a DELIMITER that is no letter, digit, point or backslash.")
    if "\n" in style.null or "\r" in style.null or style.delimiter in style.null:
        raise _unread("NULL holds neither the delimiter nor the end of a line.")
    if _text(options.get("encoding"), "utf8").lower().replace("-", "") not in ("utf8", "unicode"):
        raise _unread("ENCODING is UTF8.")
    return style


def _options(words: list[Word]) -> dict[str, Sequence[Word]]:
    """The options in parentheses, or the old form without them: CSV HEADER DELIMITER ','."""
    found: dict[str, Sequence[Word]] = {}
    if words and words[0].means("("):
        if not words[-1].means(")"):
            raise _unread("Close the parenthesis of the options.")
        inner: list[list[Word]] = [[]]
        depth = 0
        for word in words[1:-1]:
            depth += word.means("(") - word.means(")")
            if word.means(",") and depth == 0:
                inner.append([])
            else:
                inner[-1].append(word)
        groups = [(group[0].text, group[1:]) for group in inner if group]
    else:
        groups = list(_old(words))
    for name, values in groups:
        if name not in _OPTIONS or name in found:
            raise _unread(f"The options are {', '.join(_OPTIONS).upper()}, each once.")
        found[name] = values
    return found


def _old(words: list[Word]) -> Iterator[tuple[str, list[Word]]]:
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.means("csv", "binary"):
            yield "format", [word]
        elif word.means("header"):
            yield "header", []
        elif word.means("delimiter", "null", "quote", "escape", "encoding") and rest:
            if rest[0].means("as"):
                rest.pop(0)
            yield word.text, rest[:1]
            rest = rest[1:]
        elif word.means("force") and len(rest) > 1:
            yield "force_quote", rest[1:]
            rest = []
        else:
            yield word.text, []


def _text(words: Sequence[Word] | None, default: str) -> str:
    if words is None:
        return default
    if len(words) != 1:
        raise _unread("Give each option one value.")
    return words[0].text


def _truth(words: Sequence[Word] | None) -> bool:
    if words is None:
        return False
    word = words[0].text.lower() if words else "true"
    if word not in ("true", "false", "on", "off", "1", "0"):
        raise _unread("HEADER is true or false.")
    return word in ("true", "on", "1")


def _forced(words: Sequence[Word] | None) -> frozenset[str] | None:
    names = [word.text for word in words or () if not word.means("(", ")", ",")]
    return None if names == ["*"] else frozenset(names)


def _closing(words: Sequence[Word], opening: int) -> int:
    depth = 0
    for index in range(opening, len(words)):
        depth += words[index].means("(") - words[index].means(")")
        if depth == 0:
            return index
    raise _unread("Close the parenthesis of the query.")


def _unread(hint: str) -> Fault:
    return Fault(State.SYNTAX_ERROR, "The COPY statement cannot be read.", hint)
