"""Regular expressions: the part of PostgreSQL's that means the same on every engine.

`read` makes a tree of it, and `Pattern.re2` writes the tree in RE2's syntax: nothing of the
analyst's text is passed on. In PostgreSQL `.` and `[^a]` match line breaks too, and `^` and `$`
only the ends of the text; `\\w` knows all letters. Not read, because engines differ or lack them:
back references, look-around, word boundaries, options in the pattern.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_CHARACTERS = 500
_MOST_REPEATS = 255
_MOST_COPIES = 1_000
"""What repeats within repeats may multiply to: RE2 gives up above."""
_MOST_GROUPS = 20


class Unread(ValueError):
    """The text is no pattern of the subset."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character: of `ranges` of code points or of Unicode's categories `names`, or none such.

    Any character is nothing, negated.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    names: frozenset[str] = frozenset()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """The start (`^`) or the end (`$`) of the text."""

    start: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A part in parentheses; `number` counts those that are kept."""

    inner: Node
    number: int | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part `low` to `high` times; `high` None is without end."""

    inner: Node
    low: int
    high: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts after one another."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Parts instead of one another."""

    parts: tuple[Node, ...]


Node = Chars | Edge | Group | Repeat | Sequence | Choice


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression: its tree, and how many of its groups are kept."""

    tree: Node
    groups: int

    @property
    def re2(self) -> str:
        """RE2's text of it, which is right where `.` matches line breaks (option s)."""
        return _written(self.tree)


ANY = Chars(negated=True)
_SPACE = Chars(ranges=((9, 13), (32, 32)))
_DIGIT = Chars(ranges=((48, 57),))
_WORD = Chars(ranges=((95, 95),), names=frozenset({"L", "Nd"}))
_LETTERS = {"d": _DIGIT, "s": _SPACE, "w": _WORD}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_CLASSES = {
    "alpha": Chars(names=frozenset({"L"})),
    "digit": _DIGIT,
    "alnum": Chars(names=frozenset({"L", "Nd"})),
    "upper": Chars(names=frozenset({"Lu"})),
    "lower": Chars(names=frozenset({"Ll"})),
    "space": _SPACE,
    "blank": Chars(ranges=((9, 9), (32, 32))),
    "punct": Chars(ranges=((33, 47), (58, 64), (91, 96), (123, 126))),
    "xdigit": Chars(ranges=((48, 57), (65, 70), (97, 102))),
}


def read(text: str) -> Pattern:
    """The pattern that a text is, as PostgreSQL reads it. Raises Unread."""
    if len(text) > MOST_CHARACTERS:
        raise Unread
    reader = _Reader(text)
    tree = reader.choice()
    if reader.place < len(text) or _copies(tree) > _MOST_COPIES:
        raise Unread
    return Pattern(tree=tree, groups=reader.groups)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self.place = 0
        self.groups = 0
        self._depth = 0

    def _peek(self) -> str:
        return self._text[self.place : self.place + 1]

    def _next(self) -> str:
        found = self._peek()
        if not found:
            raise Unread
        self.place += 1
        return found

    def _take(self, text: str) -> bool:
        fits = self._text.startswith(text, self.place)
        self.place += len(text) if fits else 0
        return fits

    def choice(self) -> Node:
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        if not parts:
            raise Unread  # nothing at all: engines differ
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _atom(self) -> Node:
        character = self._next()
        match character:
            case "(":
                return self._group()
            case ".":
                return ANY
            case "[":
                return self._brackets()
            case "\\":
                return self._escaped()
            case "^" | "$":
                return Edge(start=character == "^")
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise Unread
        return _one(character)

    def _group(self) -> Node:
        kept = not self._take("?:")
        if kept and self._peek() == "?":
            raise Unread
        number: int | None = None
        if kept:
            self.groups += 1
            number = self.groups
        self._depth += 1
        if self._depth > _MOST_GROUPS or self.groups > _MOST_GROUPS:
            raise Unread
        inner = self.choice()
        if not self._take(")"):
            raise Unread
        self._depth -= 1
        return Group(inner, number)

    def _escaped(self) -> Node:
        character = self._next()
        if character in "AZ":
            return Edge(start=character == "A")
        known = _LETTERS.get(character.lower())
        if known is not None:
            return Chars(known.ranges, known.names, negated=character.isupper())
        return _one(self._literal(character))

    @staticmethod
    def _literal(character: str) -> str:
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isalnum() or not character.isascii():
            raise Unread
        return character

    def _repeated(self, atom: Node) -> Node:
        found: tuple[int, int | None] | None = None
        if self._peek() in ("*", "+", "?"):
            found = {"*": (0, None), "+": (1, None), "?": (0, 1)}[self._next()]
        elif self._take("{"):
            found = self._count()
        if found is None:
            return atom
        if isinstance(atom, Edge):
            raise Unread
        low, high = found
        greedy = not self._take("?")
        if self._peek() in ("*", "+", "?", "{"):
            raise Unread
        return Repeat(atom, low, high, greedy)

    def _count(self) -> tuple[int, int | None]:
        inside, closed, _ = self._text[self.place :].partition("}")
        low, comma, high = inside.partition(",")
        if not closed or not _is_number(low) or (high and not _is_number(high)):
            raise Unread
        self.place += len(inside) + 1
        least = int(low)
        most = (int(high) if high else None) if comma else least
        if least > _MOST_REPEATS or (most is not None and not least <= most <= _MOST_REPEATS):
            raise Unread
        return least, most

    def _brackets(self) -> Node:
        negated = self._take("^")
        ranges: list[tuple[int, int]] = []
        names: set[str] = set()
        first = True
        while first or self._peek() != "]":
            found = self._item(first=first)
            first = False
            if isinstance(found, Chars):
                ranges += found.ranges
                names |= found.names
                continue
            end = found
            if self._peek() == "-" and self._text[self.place + 1 : self.place + 2] != "]":
                self._next()
                last = self._item(first=False)
                if isinstance(last, Chars) or last < found:
                    raise Unread
                end = last
            ranges.append((ord(found), ord(end)))
        self._next()
        return Chars(tuple(ranges), frozenset(names), negated=negated)

    def _item(self, *, first: bool) -> Chars | str:
        character = self._next()
        if character == "[":
            return self._class()
        if character == "\\":
            character = self._next()
            if character in _LETTERS:
                return _LETTERS[character]
            return self._literal(character)
        if character == "-" and not first and self._peek() != "]":
            raise Unread
        return character

    def _class(self) -> Chars | str:
        if self._peek() in ("=", "."):
            raise Unread
        if not self._take(":"):
            return "["
        name, closed, _ = self._text[self.place :].partition(":]")
        if not closed or name not in _CLASSES:
            raise Unread
        self.place += len(name) + 2
        return _CLASSES[name]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3


def _one(character: str) -> Chars:
    return Chars(ranges=((ord(character), ord(character)),))


def _copies(node: Node) -> int:
    """Into how many parts the pattern unfolds where its counted repeats are written out."""
    match node:
        case Repeat(inner=inner, low=low, high=high):
            return max(1, low, high or 0) * _copies(inner)
        case Group(inner=inner):
            return _copies(inner)
        case Sequence(parts=parts) | Choice(parts=parts):
            return sum(map(_copies, parts))
    return 1


def _written(node: Node) -> str:
    match node:
        case Chars():
            return _written_chars(node)
        case Edge(start=start):
            return r"\A" if start else r"\z"
        case Group(inner=inner, number=number):
            return f"({'?:' if number is None else ''}{_written(inner)})"
        case Repeat(inner=inner, low=low, high=high, greedy=greedy):
            signs = {(0, None): "*", (1, None): "+", (0, 1): "?"}
            count = f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"
            return _written(inner) + signs.get((low, high), count) + ("" if greedy else "?")
        case Sequence(parts=parts):
            return "".join(map(_written, parts))
        case Choice(parts=parts):
            return "|".join(map(_written, parts))


def _written_chars(chars: Chars) -> str:
    if chars == ANY:
        return "."
    if not chars.negated and not chars.names and len(chars.ranges) == 1:
        low, high = chars.ranges[0]
        if low == high:
            return _point(low)
    inside = "".join(
        _point(low) if low == high else f"{_point(low)}-{_point(high)}"
        for low, high in chars.ranges
    ) + "".join(rf"\p{{{name}}}" for name in sorted(chars.names))
    return f"[{'^' if chars.negated else ''}{inside}]"


def _point(code: int) -> str:
    character = chr(code)
    if character.isalnum() and character.isascii():
        return character
    if 32 <= code < 127:
        return character if character in " _,;:'\"=<>%@!#&/~`" else "\\" + character
    return rf"\x{{{code:x}}}"


def similar(text: str, escape: str = "\\") -> str:
    """The regular expression that a pattern of SIMILAR TO stands for. Raises Unread."""
    found: list[str] = []
    inside = False
    rest = iter(text)
    for character in rest:
        if character == escape:
            following = next(rest, "")
            if not following or following.isalnum() or following == '"':
                raise Unread
            found.append("\\" + following)
        elif inside:
            inside = character != "]"
            found.append("\\\\" if character == "\\" else character)
        elif character in "%_":
            found.append(".*" if character == "%" else ".")
        elif character in ".^$\\":
            found.append("\\" + character)
        else:
            inside = character == "["
            found.append(character)
    return f"^(?:{''.join(found)})$"
