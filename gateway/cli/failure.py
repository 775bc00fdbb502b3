"""What makes a command end with 1: one sentence and a hint on standard error."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from gateway.errors import Refusal


class Failure(Exception):
    """A command that could not do what it was asked; position and code where SQL is at fault."""

    def __init__(
        self,
        sentence: str,
        *,
        hint: str = "",
        code: str = "",
        line: int | None = None,
        column: int | None = None,
        fragment: str | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.code = code
        self.line = line
        self.column = column
        self.fragment = fragment

    @property
    def lines(self) -> list[str]:
        """The message as it is shown."""
        shown = [f"noisegate: {self.sentence}" + (f" [{self.code}]" if self.code else "")]
        if self.line is not None:
            shown.append(f"  at line {self.line}, column {self.column}: {self.fragment}")
        if self.hint:
            shown.append(f"  hint: {self.hint}")
        return shown


def from_refusal(refusal: Refusal) -> Failure:
    """The same refusal, met in this process instead of over HTTP."""
    at = refusal.position
    return Failure(
        refusal.sentence,
        hint=refusal.hint,
        code=refusal.code.slug,
        line=at.line if at else None,
        column=at.column if at else None,
        fragment=at.fragment if at else None,
    )


class Commands(TyperGroup):
    """A group of commands whose failures are told on standard error and end with 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; `Failure` and `Refusal` become messages, anything else is a fault."""
        try:
            return super().invoke(ctx)
        except (Failure, Refusal) as error:
            failure = from_refusal(error) if isinstance(error, Refusal) else error
            for line in failure.lines:
                typer.echo(line, err=True)
            raise typer.Exit(1) from error
