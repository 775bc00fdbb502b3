"""The text of a policy file as a tree that knows its lines, with environment variables put in.

YAML's own reading of plain words is not used, since it surprises: `no` would be false, `on` a
boolean key, `012` ten, and every fraction a float. Here a plain scalar is null, `true`, `false`,
a decimal number (exact), a date, a timestamp, or else text; quoted scalars are always text.
Duplicate keys and tags are faults; anchors, aliases and `<<` work.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import yaml

from gateway.policy.faults import FaultList
from gateway.sql.types import Scalar

_PLAIN = "plain"
_MAPPING_TAG, _LIST_TAG = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
_TEXT_TAG = "tag:yaml.org,2002:str"
_MOST_NODES = 100_000
_MOST_DIGITS = 100
_MOST_EXPONENT = 400

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[-+][0-9]{2}:[0-9]{2})?"
)
_VARIABLE = re.compile(r"\$(\$?)\{([^}]*)\}?")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SIMPLE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One scalar. `shown` is its text in the file, before any variable was put in."""

    path: str
    line: int
    value: Scalar
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A list."""

    path: str
    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A mapping with text keys, in the file's order."""

    path: str
    line: int
    entries: Mapping[str, Node]


Node = Leaf | Series | Branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole file: its tree, the line of each key path, and the hex SHA-256 of its text."""

    root: Node
    lines: Mapping[str, int]
    digest: str


def read_document(text: str, env: Mapping[str, str], faults: FaultList) -> Document | None:
    """Read one YAML document; None, with a fault noted, where there is none to read."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        found = "text that is not YAML: " + (error.problem or error.context or "unknown fault")
        faults.add(line, "", found=found, allowed="one YAML document")
        return None
    except (yaml.YAMLError, RecursionError) as error:
        found = f"text that is not YAML ({type(error).__name__})"
        faults.add(1, "", found=found, allowed="one YAML document in UTF-8")
        return None
    if root is None:
        faults.add(1, "", found="an empty file", allowed="a mapping with the key dataset")
        return None
    builder = _Builder(env=env, faults=faults)
    try:
        tree = builder.node(root, "")
    except _TooLarge:
        faults.add(
            1,
            "",
            found="anchors that contain themselves or grow without end",
            allowed=f"at most {_MOST_NODES} values",
        )
        return None
    return Document(root=tree, lines=builder.lines, digest=_digest(text, env))


def key_path(path: str, key: str) -> str:
    """The path of a key below another; keys that are no plain word are quoted."""
    shown = key if _SIMPLE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    return f"{path}.{shown}" if path else shown


def shown(node: Node) -> str:
    """A value as messages name it; never what a variable expanded to."""
    if isinstance(node, Branch):
        return "a mapping"
    if isinstance(node, Series):
        return "a list"
    if node.value is None:
        return "nothing" if not node.shown else "null"
    text = node.shown if len(node.shown) <= 60 else node.shown[:57] + "..."
    if isinstance(node.value, str):
        return f"the text {json.dumps(text, ensure_ascii=False)}"
    return text


class _TooLarge(Exception):
    """Aliases expand to more than a policy can need."""


class _Loader(yaml.SafeLoader):
    """Composes nodes only, and marks plain scalars instead of typing them."""

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: object) -> str:
        if kind is yaml.ScalarNode and isinstance(implicit, tuple) and implicit[0]:
            return _PLAIN
        return str(super().resolve(kind, value, implicit))  # type: ignore[no-untyped-call]


@dataclass(slots=True, kw_only=True)
class _Builder:
    env: Mapping[str, str]
    faults: FaultList
    lines: dict[str, int] = field(default_factory=dict)
    count: int = 0
    above: list[yaml.Node] = field(default_factory=list)

    def node(self, node: yaml.Node, path: str, line: int | None = None) -> Node:
        """`line` is the key's, where a mapping's value begins on a later one."""
        self.count += 1
        if self.count > _MOST_NODES or any(node is one for one in self.above):
            raise _TooLarge
        at = line or node.start_mark.line + 1
        self.lines[path] = at
        self.above.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                self._check_tag(node, _MAPPING_TAG, path, at)
                return Branch(path=path, line=at, entries=self._entries(node, path))
            if isinstance(node, yaml.SequenceNode):
                self._check_tag(node, _LIST_TAG, path, at)
                items = enumerate(node.value)
                return Series(
                    path=path, line=at, items=tuple(self.node(n, f"{path}[{i}]") for i, n in items)
                )
            if not isinstance(node, yaml.ScalarNode):
                raise AssertionError("YAML has mappings, lists and scalars")
            return self._leaf(node, path, at)
        finally:
            self.above.pop()

    def _check_tag(self, node: yaml.Node, tag: str, path: str, line: int) -> None:
        if node.tag != tag:
            self.faults.add(line, path, found=f"the tag {node.tag}", allowed="values without tags")

    def _entries(self, node: yaml.MappingNode, path: str) -> Mapping[str, Node]:
        entries: dict[str, Node] = {}
        first: dict[str, int] = {}
        merged: list[yaml.Node] = []
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.add(line, path, found="a key that is no word", allowed="text as a key")
                continue
            key = key_node.value
            if key == "<<" and key_node.tag == _PLAIN:
                merged.append(value_node)
            elif key in first:
                found = f"the key a second time (first on line {first[key]})"
                self.faults.add(line, key_path(path, key), found=found, allowed="each key once")
            elif not key:
                self.faults.add(line, path, found="an empty key", allowed="text as a key")
            else:
                first[key] = line
                entries[key] = self.node(value_node, key_path(path, key), line)
        for key_node, value_node in self._merged(merged, path):
            if key_node.value not in entries:
                child = key_path(path, key_node.value)
                entries[key_node.value] = self.node(value_node, child)
        return entries

    def _merged(
        self, nodes: list[yaml.Node], path: str
    ) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """The pairs that `<<` brings in; those of an earlier mapping win."""
        for node in nodes:
            sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
            for source in sources:
                if not isinstance(source, yaml.MappingNode):
                    line = node.start_mark.line + 1
                    found = "<< with something that is no mapping"
                    self.faults.add(line, path, found=found, allowed="an alias of a mapping")
                    continue
                for key_node, value_node in source.value:
                    if isinstance(key_node, yaml.ScalarNode):
                        yield key_node, value_node

    def _leaf(self, node: yaml.ScalarNode, path: str, line: int) -> Leaf:
        if node.tag not in (_PLAIN, _TEXT_TAG):
            self._check_tag(node, _TEXT_TAG, path, line)
        text = self._expanded(node.value, path, line)
        value = plain_value(text) if node.tag == _PLAIN else text
        return Leaf(path=path, line=line, value=value, shown=node.value)

    def _expanded(self, text: str, path: str, line: int) -> str:
        def put_in(match: re.Match[str]) -> str:
            escaped, name = match.group(1), match.group(2)
            if escaped:
                return match.group(0)[1:]
            if not _VARIABLE_NAME.fullmatch(name) or not match.group(0).endswith("}"):
                allowed = "${NAME} with letters, digits and underscores; $${ for a plain ${"
                self.faults.add(line, path, found=f"the variable {match.group(0)}", allowed=allowed)
                return ""
            if name not in self.env:
                found = f"${{{name}}}, which is not set in the environment"
                self.faults.add(
                    line, path, found=found, allowed="an environment variable that is set"
                )
                return ""
            return self.env[name]

        return _VARIABLE.sub(put_in, text)


def plain_value(text: str) -> Scalar:
    """What a plain scalar stands for. Numbers are `int` or exact `Decimal`, never float.

    A number of more than 100 digits or an exponent beyond 400 stays text, so that it is refused
    where a number is wanted and never becomes an integer that fills the memory.
    """
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if len(text) <= _MOST_DIGITS:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _NUMBER.fullmatch(text):
            number = Decimal(text)
            return number if abs(number.adjusted()) <= _MOST_EXPONENT else text
        if _DATE.fullmatch(text) or _TIMESTAMP.fullmatch(text):
            return _moment(text)
    return text


def _moment(text: str) -> Scalar:
    try:
        if len(text) == len("2000-01-01"):
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
    except ValueError:  # such as the 31st of February: text, refused where a date is wanted
        return text
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment


def _digest(text: str, env: Mapping[str, str]) -> str:
    def put_in(match: re.Match[str]) -> str:
        return match.group(0) if match.group(1) else env.get(match.group(2), match.group(0))

    return hashlib.sha256(_VARIABLE.sub(put_in, text).encode()).hexdigest()
