"""Errors as PostgreSQL's clients know them: severity, SQLSTATE, message, DETAIL, HINT, position."""

from __future__ import annotations

from enum import Enum

from pygwire.messages import ErrorResponse, NoticeResponse

from gateway.errors import Code, Position, Refusal


class State(Enum):
    """SQLSTATEs of what the protocol itself can refuse; `errors.Code` has those of questions."""

    PROTOCOL_VIOLATION = "08P01"
    FEATURE_NOT_SUPPORTED = "0A000"
    INVALID_PARAMETER_VALUE = "22023"
    INVALID_TEXT_REPRESENTATION = "22P02"
    INVALID_BINARY_REPRESENTATION = "22P03"
    ACTIVE_SQL_TRANSACTION = "25001"
    NO_ACTIVE_SQL_TRANSACTION = "25P01"
    IN_FAILED_SQL_TRANSACTION = "25P02"
    INVALID_SQL_STATEMENT_NAME = "26000"
    INVALID_AUTHORIZATION = "28000"
    WRONG_KEY = "28P01"
    INVALID_CURSOR_NAME = "34000"
    UNKNOWN_DATABASE = "3D000"
    SAVEPOINT = "3B001"
    SYNTAX_ERROR = "42601"
    UNDEFINED_PARAMETER_NUMBER = "42P02"
    DUPLICATE_CURSOR = "42P03"
    DUPLICATE_PREPARED_STATEMENT = "42P05"
    UNDEFINED_PARAMETER = "42704"
    CANNOT_CHANGE = "55P02"
    TOO_MANY_CONNECTIONS = "53300"
    PROGRAM_LIMIT_EXCEEDED = "54000"
    OBJECT_NOT_IN_STATE = "55000"
    QUERY_CANCELED = "57014"
    ADMIN_SHUTDOWN = "57P01"
    INTERNAL = "XX000"


class Fault(Exception):
    """An error that a client is told of. `position` counts characters of the SQL from 1."""

    def __init__(
        self,
        sqlstate: State | str,
        sentence: str,
        hint: str = "",
        *,
        detail: str = "",
        position: int | None = None,
        fatal: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.sqlstate = sqlstate.value if isinstance(sqlstate, State) else sqlstate
        self.sentence = sentence
        self.hint = hint
        self.detail = detail
        self.position = position
        self.fatal = fatal

    @property
    def response(self) -> ErrorResponse:
        """The message that tells it."""
        severity = "FATAL" if self.fatal else "ERROR"
        fields = {"S": severity, "V": severity, "C": self.sqlstate, "M": _told(self.sentence)}
        if self.detail:
            fields["D"] = _told(self.detail)
        if self.hint:
            fields["H"] = _told(self.hint)
        if self.position is not None:
            fields["P"] = str(self.position)
        return ErrorResponse(fields=fields)


def of_refusal(refusal: Refusal, sql: str = "", offset: int = 0, query_id: str = "") -> Fault:
    """A refusal of the line. `sql` is the statement, which stands at `offset` in what was sent."""
    facts = {name: fact for name, fact in refusal.facts.items() if fact is not None}
    if query_id:
        facts["query_id"] = query_id
    return Fault(
        refusal.code.value.sqlstate,
        refusal.sentence,
        refusal.hint,
        detail=", ".join([f"code: {refusal.code.slug}", *(f"{n}: {f}" for n, f in facts.items())]),
        position=None if refusal.position is None else offset + _index(refusal.position, sql) + 1,
    )


def internal() -> Fault:
    """What a client is told of a fault of the gateway itself. The trace may quote anything, so it
    goes to the log alone."""
    code = Code.INTERNAL.value
    return Fault(
        code.sqlstate,
        "The gateway failed on this statement; what happened is in its log.",
        "Tell the administrator the time of this message.",
    )


class Level(Enum):
    """How much a notice matters, as `client_min_messages` orders it."""

    NOTICE = "NOTICE"
    WARNING = "WARNING"


def notice(
    text: str, *, level: Level = Level.NOTICE, detail: str = "", sqlstate: str = "00000"
) -> NoticeResponse:
    """Something that a client is told beside its answer."""
    fields = {"S": level.value, "V": level.value, "C": sqlstate, "M": _told(text)}
    if detail:
        fields["D"] = _told(detail)
    return NoticeResponse(fields=fields)


def _told(text: str) -> str:
    """Text as it can stand in a message, which ends strings with NUL and is UTF-8."""
    return text.replace("\x00", "\\0").encode("utf-8", "replace").decode()


def _index(position: Position, sql: str) -> int:
    """Where a line and column stand in the text, from 0."""
    lines = sql.split("\n")
    before = sum(len(line) + 1 for line in lines[: position.line - 1])
    return min(before + position.column - 1, len(sql))
