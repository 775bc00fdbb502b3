"""The `noisegate` command: one file per group of commands.

Data goes to standard output and messages to standard error. A command ends with 0 when it did what
it was asked, with 1 when that failed, with 2 when it was misused.
"""

from gateway.cli.commands import app

__all__ = ["app"]
