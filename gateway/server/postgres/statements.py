"""What a client sent, cut into statements and their words, by PostgreSQL's lexical rules.

This only finds out what kind of statement it is, for that sqlglot's tokens do not do: they make one
text of all that follows a command. The line parses questions itself, and trusts nothing of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.server.postgres.faults import Fault, State
from gateway.sql.parse import MOST_CHARACTERS

_LEXEME = re.compile(
    r"""
    (?P<space>\s+ | --[^\n]*)
  | (?P<comment>/\*)
  | (?P<string>[eE]'(?:[^'\\]|\\.|'')*' | (?:[nNbBxX]|[uU]&)?'(?:[^']|'')*')
  | (?P<name>(?:[uU]&)?"(?:[^"]|"")*")
  | (?P<dollar>\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$)
  | (?P<word>[^\W\d][\w$]* | \$\d+ | \d+(?:\.\d*)?(?:[eE][+-]?\d+)? | \.\d+(?:[eE][+-]?\d+)?)
  | (?P<open>[eE]?['"] | \$(?:[^\W\d]\w*)?\$)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Word:
    """One token: `text` as it means, folded to lower case where PostgreSQL folds it."""

    text: str
    quoted: bool
    string: bool
    start: int
    end: int
    """Where it stands in the statement's text; the end is behind its last character."""

    def means(self, *keywords: str) -> bool:
        """Whether it is one of these keywords."""
        return not self.quoted and not self.string and self.text in keywords


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement as it was written, and where it begins in all that was sent (from 0)."""

    text: str
    offset: int
    words: tuple[Word, ...]

    def begins(self, *keywords: str) -> bool:
        """Whether the statement begins with these keywords."""
        return len(self.words) >= len(keywords) and all(
            word.means(keyword) for word, keyword in zip(self.words, keywords, strict=False)
        )

    def after(self, index: int) -> Statement:
        """What stands from word `index` on, as a statement of its own."""
        if index >= len(self.words):
            return Statement(text="", offset=self.offset + len(self.text), words=())
        return self._cut(self.words[index].start, self.words[-1].end, index, len(self.words))

    def between(self, first: int, last: int) -> Statement:
        """The words from `first` up to `last`, which is left out, as a statement of its own."""
        return self._cut(self.words[first].start, self.words[last - 1].end, first, last)

    def _cut(self, start: int, end: int, first: int, last: int) -> Statement:
        words = tuple(
            Word(w.text, w.quoted, w.string, w.start - start, w.end - start)
            for w in self.words[first:last]
        )
        return Statement(text=self.text[start:end], offset=self.offset + start, words=words)


def split(text: str) -> tuple[Statement, ...]:
    """The statements of a text, which semicolons part; none of an empty one.

    Raises `Fault` with a syntax error where a string, quoted name or comment does not end.
    """
    if len(text) > MOST_CHARACTERS:
        raise Fault(
            State.PROGRAM_LIMIT_EXCEEDED,
            f"The SQL is {len(text)} characters long; at most {MOST_CHARACTERS} are read.",
            "Shorten the statement, for example by replacing long IN lists with ranges.",
        )
    return tuple(_parted(text))


def _parted(text: str) -> Iterator[Statement]:
    held: list[Word] = []
    for word in _words(text):
        if word.means(";"):
            if held:
                yield _statement(text, held)
            held = []
        else:
            held.append(word)
    if held:
        yield _statement(text, held)


def _statement(text: str, held: list[Word]) -> Statement:
    start, end = held[0].start, held[-1].end
    words = (Word(w.text, w.quoted, w.string, w.start - start, w.end - start) for w in held)
    return Statement(text=text[start:end], offset=start, words=tuple(words))


def _words(text: str) -> Iterator[Word]:
    at = 0
    while at < len(text):
        found = _LEXEME.match(text, at)
        if found is None or found.lastgroup == "open":
            raise _unclosed(at)
        start, at = found.span()
        match found.lastgroup:
            case "comment":
                at = _behind_comment(text, start)
            case "string":
                opening = found.group().index("'")
                content = found.group()[opening + 1 : -1].replace("''", "'")
                yield Word(content, False, True, start, at)
            case "dollar":
                mark = len(found["tag"]) + 2
                yield Word(found.group()[mark:-mark], False, True, start, at)
            case "name":
                opening = found.group().index('"')
                content = found.group()[opening + 1 : -1].replace('""', '"')
                yield Word(content, True, False, start, at)
            case "word" | "sign":
                yield Word(found.group().lower(), False, False, start, at)


def _behind_comment(text: str, start: int) -> int:
    """The end of a comment, which may hold others."""
    depth = 0
    for mark in _COMMENT.finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    raise _unclosed(start)


def _unclosed(at: int) -> Fault:
    return Fault(
        State.SYNTAX_ERROR,
        "The SQL cannot be read: a string, quoted name or comment does not end.",
        "Close every quote and comment.",
        position=at + 1,
    )
