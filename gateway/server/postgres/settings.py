"""What a session can SET, SHOW and RESET: PostgreSQL's names that clients use, and our own.

A setting that would change what answers look like is either obeyed or refused, never only accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.server.postgres.faults import Fault, State

SERVER_VERSION = "18.0 (Noisegate)"
"""Whose protocol and settings these are, where no PostgreSQL answers introspection."""
PREFIX = "noisegate."

_ENCODINGS = {"utf8": "UTF8", "unicode": "UTF8", "sqlascii": "SQL_ASCII"}
_LEVELS = ("debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error")
_ISOLATION = ("read committed", "repeatable read", "serializable", "read uncommitted")
_BOOLEANS = {
    **dict.fromkeys(("on", "true", "yes", "1", "t", "y"), "on"),
    **dict.fromkeys(("off", "false", "no", "0", "f", "n"), "off"),
}
_SPAN = re.compile(r"\d{1,10}\s*(us|ms|s|min|h|d)?")

_PARTS = re.compile(r"(\d+)\s*(\D*)")
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0}

Check = Callable[[str], str | None]
"""What a value is kept as; None where it is not allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. `reported` ones are told to the client whenever they change (ParameterStatus).

    `allowed` says in a hint what may stand there; `check` is None for what cannot be changed.
    """

    name: str
    default: str
    check: Check | None
    allowed: str = ""
    reported: bool = False
    description: str = ""


def _any(value: str) -> str | None:
    return value


def _boolean(value: str) -> str | None:
    return _BOOLEANS.get(value.lower())


def _span(value: str) -> str | None:
    return value if _SPAN.fullmatch(value) else None


def _one_of(*words: str) -> Check:
    return lambda value: value.lower() if value.lower() in words else None


def _always(only: str) -> Check:
    """A setting whose one value is how this server works; setting it to that is fine."""
    return lambda value: only if value.lower() == only.lower() else None


def _encoding(value: str) -> str | None:
    return _ENCODINGS.get(re.sub(r"[^a-z0-9]", "", value.lower()))


def _date_style(value: str) -> str | None:
    words = {word.strip().lower() for word in value.split(",")}
    orders = {"mdy": "MDY", "dmy": "DMY", "ymd": "YMD", "us": "MDY", "european": "DMY"}
    if not words <= {"iso", *orders} or len(words) > 2:
        return None
    order = next((orders[word] for word in words if word in orders), "MDY")
    return f"ISO, {order}"


def _zone(value: str) -> str | None:
    if value.lower() in ("utc", "gmt", "z", "zulu"):
        return "UTC"
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _digits(value: str) -> str | None:
    found = re.fullmatch(r"-?\d{1,2}", value)
    # Zero and less ask for fewer digits than read back as the same number; answers keep all.
    return value if found and -15 <= int(value) <= 3 else None


def _positive(value: str) -> str | None:
    try:
        number = Fraction(value)
    except (ValueError, ZeroDivisionError):
        return None
    return value if len(value) <= 40 and 0 < number < 10**12 else None


def _share(value: str) -> str | None:
    return value if _positive(value) is not None and Fraction(value) < 1 else None


def _name(value: str) -> str | None:
    return value if len(value) <= 200 else None


def _fixed(name: str, value: str, *, reported: bool = False) -> Setting:
    return Setting(name=name, default=value, check=None, reported=reported)


def _kept(name: str, value: str, check: Check = _any) -> Setting:
    """A setting that has nothing to change here, kept so that clients find what they set."""
    return Setting(name=name, default=value, check=check, allowed="a value of PostgreSQL's")


_ALL = (
    Setting(
        name="application_name", default="", check=_name, reported=True,
        allowed="at most 200 characters",
    ),
    Setting(
        name="client_encoding", default="UTF8", check=_encoding, allowed="UTF8", reported=True
    ),
    Setting(
        name="client_min_messages", default="notice", check=_one_of(*_LEVELS),
        allowed="notice, warning or error",
    ),
    Setting(name="DateStyle", default="ISO, MDY", check=_date_style, allowed="ISO", reported=True),
    Setting(
        name="IntervalStyle", default="postgres", check=_always("postgres"), allowed="postgres",
        reported=True,
    ),
    Setting(
        name="TimeZone", default="UTC", check=_zone, allowed="a name such as Europe/Berlin",
        reported=True,
    ),
    Setting(
        name="extra_float_digits", default="1", check=_digits, allowed="a number from -15 to 3"
    ),
    Setting(
        name="bytea_output", default="hex", check=_one_of("hex", "escape"), allowed="hex or escape"
    ),
    Setting(
        name="standard_conforming_strings", default="on", check=_always("on"), allowed="on",
        reported=True,
    ),
    Setting(
        name="transaction_isolation", default="read committed", check=_one_of(*_ISOLATION),
        allowed="read committed",
    ),
    Setting(
        name="default_transaction_isolation", default="read committed",
        check=_one_of(*_ISOLATION), allowed="read committed",
    ),
    Setting(
        name="default_transaction_read_only", default="on", check=_boolean, allowed="on",
        reported=True,
    ),
    Setting(name="transaction_read_only", default="on", check=_boolean, allowed="on"),
    Setting(name="search_path", default='"$user", public', check=_any, allowed="names of schemas"),
    Setting(name="statement_timeout", default="0", check=_span, allowed="a time such as 30s"),
    _kept("lock_timeout", "0", _span),
    _kept("idle_in_transaction_session_timeout", "0", _span),
    _kept("idle_session_timeout", "0", _span),
    _kept("tcp_keepalives_idle", "0", _span),
    _kept("tcp_keepalives_interval", "0", _span),
    _kept("synchronous_commit", "on"),
    _kept("jit", "off", _boolean),
    _kept("row_security", "on", _boolean),
    _kept("geqo", "on", _boolean),
    _kept("ksqo", "on", _boolean),
    _kept("work_mem", "4MB"),
    _kept("default_tablespace", ""),
    _kept("xmloption", "content"),
    _kept("lc_messages", "C"),
    _kept("lc_monetary", "C"),
    _kept("lc_numeric", "C"),
    _kept("lc_time", "C"),
    _kept("max_parallel_workers_per_gather", "0"),
    _kept("default_transaction_deferrable", "off", _boolean),
    _kept("transaction_deferrable", "off", _boolean),
    _fixed("server_encoding", "UTF8", reported=True),
    _fixed("integer_datetimes", "on", reported=True),
    _fixed("in_hot_standby", "off", reported=True),
    _fixed("is_superuser", "off", reported=True),
    _fixed("scram_iterations", "4096", reported=True),
    _fixed("max_identifier_length", "63"),
    _fixed("max_index_keys", "32"),
    _fixed("block_size", "8192"),
    _fixed("lc_collate", "C"),
    _fixed("lc_ctype", "C.UTF-8"),
    _fixed("is_read_only", "on"),
    Setting(
        name="noisegate.epsilon", default="", check=_positive,
        allowed="a positive number; RESET noisegate.epsilon returns to the policy's price",
        description="What each question costs, in place of the policy's per_query.",
    ),
    Setting(
        name="noisegate.max_error", default="", check=_positive, allowed="a positive number",
        description="The half-width wanted; the gateway picks the least epsilon.",
    ),
    Setting(
        name="noisegate.confidence", default="0.95", check=_share,
        allowed="a number between 0 and 1",
        description="Of the half-widths in notices and of noise_low and noise_high.",
    ),
    Setting(
        name="noisegate.dataset", default="", check=_name, allowed="the name of a dataset",
        description="The dataset that questions are about: the database of the connection.",
    ),
    Setting(
        name="noisegate.remaining_budget", default="", check=None,
        description="What is left of your budget for this dataset, as epsilon.",
    ),
)  # fmt: skip
KNOWN: Mapping[str, Setting] = {setting.name.lower(): setting for setting in _ALL}
_FOLLOWING = {
    f"transaction_{mode}": f"default_transaction_{mode}"
    for mode in ("isolation", "read_only", "deferrable")
}
"""Settings that are what another one is, as long as the transaction has none of its own."""


class Settings:
    """The settings of one session. `values` maps lower-case names to what was set."""

    def __init__(self, fixed: Mapping[str, str]) -> None:
        """`fixed` are this session's own defaults, such as the user's name."""
        self._fixed = dict(fixed)
        self._set: dict[str, str] = {}
        self._local: set[str] = set()
        self._before: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        """A setting's value; raises `Fault` for an unknown name."""
        key = name.lower()
        if key in self._set:
            return self._set[key]
        if key in self._fixed:
            return self._fixed[key]
        if key in _FOLLOWING:
            return self[_FOLLOWING[key]]
        return _known(key).default

    def names(self) -> list[str]:
        """Every setting that SHOW ALL lists, in order."""
        own = {key: key for key in self._fixed}
        return sorted({**own, **{key: known.name for key, known in KNOWN.items()}}.values())

    def change(self, name: str, value: str | None, *, local: bool = False) -> None:
        """Set a setting, or with None return it to its default. Raises `Fault`.

        A `local` change lasts until the transaction ends; outside of one it is none.
        """
        key = name.lower()
        if key in self._fixed and key not in KNOWN:
            raise _unchangeable(name)
        setting = _known(key)
        if setting.check is None:
            raise _unchangeable(setting.name)
        kept = None if value is None else setting.check(value)
        if value is not None and kept is None:
            raise Fault(
                State.INVALID_PARAMETER_VALUE,
                f'invalid value for parameter "{setting.name}": "{value[:80]}"',
                f"Set it to {setting.allowed}.",
            )
        if local and self._before is None:
            return
        if kept is None:
            self._set.pop(key, None)
        else:
            self._set[key] = kept
        if local:
            self._local.add(key)
        else:
            self._local.discard(key)

    def start(self, name: str, value: str) -> None:
        """Take a value from the startup message: what RESET returns to. Raises `Fault`."""
        self.change(name, value)
        self._fixed[name.lower()] = self._set.pop(name.lower())

    def reset_all(self) -> None:
        """Return every setting to its default."""
        self._set = {}

    def begin(self) -> None:
        """Remember how settings stand, for a transaction that may be rolled back."""
        if self._before is None:
            self._before = dict(self._set)

    def end(self, *, committed: bool) -> None:
        """Undo what the transaction that ends has set: all of it, or if committed its SET LOCAL."""
        before, self._before = self._before, None
        local, self._local = self._local, set()
        if before is None:
            return
        if not committed:
            self._set = before
            return
        for key in local:
            if key in before:
                self._set[key] = before[key]
            else:
                self._set.pop(key, None)

    def reported(self) -> dict[str, str]:
        """What the client is told at the start and on every change."""
        told = [setting.name for setting in KNOWN.values() if setting.reported]
        told += ["server_version", "session_authorization", "search_path"]
        return {name: self[name] for name in told}

    @property
    def seconds(self) -> float | None:
        """How long a statement may take; None without a limit."""
        amount, unit = _PARTS.findall(self["statement_timeout"])[0]
        return int(amount) * _UNITS[unit or "ms"] or None

    def number(self, name: str) -> Fraction | None:
        """A numeric setting, exact; None where it is not set."""
        value = self[name]
        return Fraction(value) if value else None

    @property
    def zone(self) -> ZoneInfo:
        """The session's time zone."""
        return ZoneInfo(self["timezone"])


def _known(key: str) -> Setting:
    setting = KNOWN.get(key)
    if setting is None:
        near = get_close_matches(key[:80], list(KNOWN), n=1)
        raise Fault(
            State.UNDEFINED_PARAMETER,
            f'unrecognized configuration parameter "{key[:80]}"',
            f"Did you mean {KNOWN[near[0]].name}?" if near else "SHOW ALL lists those there are.",
        )
    return setting


def _unchangeable(name: str) -> Fault:
    return Fault(
        State.CANNOT_CHANGE, f'parameter "{name}" cannot be changed', "SHOW tells its value."
    )
