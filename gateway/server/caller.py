"""What a path's function is given: the desk, who asks, the request's id."""

from __future__ import annotations

import uuid
from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBase
from fastapi.security.base import SecurityBase

from gateway.edges import Analyst
from gateway.errors import Code, Refusal
from gateway.server import login, problems
from gateway.server.desk import ADMIN, Desk


class _Scheme(SecurityBase):
    """Tells OpenAPI how to log in; `login` alone reads the header."""

    def __init__(self, name: str, scheme: str, description: str) -> None:
        self.scheme_name = name
        self.model = HTTPBase(scheme=scheme, description=description)

    async def __call__(self) -> None:
        """Nothing: the check is `analyst`'s."""


_BEARER = _Scheme("Bearer", "bearer", "The API key.")
_BASIC = _Scheme("Basic", "basic", "User name, and the API key as password.")


def desk(request: Request) -> Desk:
    """The desk of this process."""
    return cast(Desk, request.app.state.desk)


def analyst(
    request: Request,
    _bearer: Annotated[None, Security(_BEARER)],
    _basic: Annotated[None, Security(_BASIC)],
) -> Analyst:
    """Who asks; raises `Refusal(UNAUTHENTICATED)`. Runs in a thread, for the ledger is asked."""
    given = login.credentials(request.headers.get("authorization"))
    found = desk(request).gateway.books.users.authenticate(given.user, given.key)
    if found is None:
        raise login.unauthenticated()
    return found


def administrator(who: Annotated[Analyst, Depends(analyst)]) -> Analyst:
    """Who asks, with the role admin; raises `Refusal(FORBIDDEN)`."""
    if ADMIN not in who.roles:
        raise Refusal(
            Code.FORBIDDEN,
            "This path is for administrators.",
            "Ask one for the role: `noisegate user add NAME --role admin`.",
        )
    return who


def query_id(request: Request) -> str:
    """The id under which this request stands in log and ledger."""
    return problems.query_id(request) or uuid.uuid4().hex


TheDesk = Annotated[Desk, Depends(desk)]
TheAnalyst = Annotated[Analyst, Depends(analyst)]
TheAdministrator = Annotated[Analyst, Depends(administrator)]
TheId = Annotated[str, Depends(query_id)]
