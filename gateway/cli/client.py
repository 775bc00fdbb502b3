"""The gateway's HTTP interface from the command line's side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gateway.cli.failure import Failure

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A successful answer: the bytes as they came, and the headers, names in lower case."""

    body: bytes
    headers: Mapping[str, str]

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Asks a running gateway at `url` with `key`. The repr hides the key."""

    url: str
    key: str | None

    def __repr__(self) -> str:
        return f"Client({self.url})"

    def get(self, path: str) -> Reply:
        """GET; raises `Failure` with the gateway's sentence and hint."""
        return self._send("GET", path, None, {})

    def post(
        self, path: str, body: Mapping[str, Any], *, accept: str = "application/json"
    ) -> Reply:
        """POST a JSON body; raises `Failure` with the gateway's sentence and hint."""
        return self._send("POST", path, body, {"Accept": accept})

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> Reply:
        import httpx

        sent = dict(headers)
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        try:
            response = httpx.request(
                method,
                self.url.rstrip("/") + path,
                json=body,
                headers=sent,
                timeout=TIMEOUT_SECONDS,
            )
        except httpx.InvalidURL as error:
            raise Failure(
                f"{self.url} is not a URL.", hint="Give --url http://HOST:PORT."
            ) from error
        except httpx.HTTPError as error:
            raise Failure(
                f"No gateway answers at {self.url} ({type(error).__name__}).",
                hint="Start one with `noisegate serve`, or give its address with --url.",
            ) from error
        if response.is_success:
            return Reply(body=response.content, headers=dict(response.headers))
        raise _failure(response)


def _failure(response: httpx.Response) -> Failure:
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or "detail" not in problem:
        return Failure(
            f"The server answered {response.status_code}, but not as a Noisegate gateway does.",
            hint="Check the address in --url.",
        )
    return Failure(
        str(problem["detail"]),
        hint=str(problem.get("hint", "")),
        code=str(problem.get("code", "")),
        line=problem.get("line"),
        column=problem.get("column"),
        fragment=problem.get("fragment"),
    )
