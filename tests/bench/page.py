"""`docs/benchmarks.md`, written by the command that measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench import against_plain, aims, charges, doors, machine, planning, serving, stages
from tests.bench.against_plain import Times
from tests.bench.charges import CLIENTS, Charges
from tests.bench.datasets import OWNERS
from tests.bench.doors import Crowd, Doors
from tests.bench.planning import Planning
from tests.bench.serving import Memory, Rate
from tests.bench.stages import Own


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All that one run measured."""

    rows: int
    hospital: Sequence[Times]
    events: Sequence[Times]
    own: Sequence[Own]
    planning: Planning
    rates: Sequence[Rate]
    doors: Sequence[Doors]
    crowd: Crowd
    memory: Sequence[Memory]
    charges: Sequence[Charges]


def page(results: Results) -> str:
    """The whole page."""
    reached = aims.shown(
        [
            *aims.of_time(results.own),
            aims.of_planning(results.planning),
            aims.of_doors(results.doors),
            *aims.of_memory(results.memory),
            *aims.of_charges(results.charges),
        ]
    )
    return f"""# Benchmarks

Written by `make bench`, which measures on your machine. This run: {machine.facts()}

Numbers of different machines cannot be compared; the ratios within one run can, roughly.

## Aims

{reached}

## Against plain SQL

Medians of runs that took turns. *Plain* is the question itself on DuckDB, without any protection.
*Private* is the statement that the gateway sends instead, through the same connection and threads.
*Whole answer* is everything: planned, charged, run, given noise, kept, with intervals. Every time
it is a new question; asked again, it takes what the next section says of stored answers.

The demo's hospital, 101,766 stays of 71,518 patients:

{against_plain.shown(results.hospital)}

{results.rows:,} generated events of {OWNERS:,} owners with a heavy tail (Zipf's law: the heaviest
owner has 6% of all rows):

{against_plain.shown(results.events)}

Where the ratio is large, the plain query hardly works: DuckDB counts a whole table from its
metadata. The private statement has to read every row once to find how many rows each owner has in
each group, weighs them down to the policy's bounds, and adds up. That is a hash table of owners
and groups, and its time depends on how many such pairs there are, and little on the question.

## The gateway's own time

Milliseconds per question about the hospital, without the engine's, stage by stage; medians.

{stages.shown(results.own)}

## From text to plan

The accepted queries of `tests/corpus`, each planned as if for the first time, before anything is
charged or read; the best of three runs.

{planning.shown(results.planning)}

## Stored answers over HTTP

One server process; the clients run on the same machine and take part of its cores. Each asks the
same stored question again as soon as it has its answer; every answer is recorded in the history.

{serving.rates_shown(results.rates)}

## PostgreSQL's protocol

The same stored questions about the hospital over HTTP and by psycopg, in turn; medians. *Simple* is
the simple protocol, *prepared* the extended one with a statement that was prepared before. Every
answer comes with its notice.

{doors.shown(results.doors)}

Connections that only stay open, and beside them some that ask one stored question as fast as
answers come, all from one process of Python on the same machine:

{doors.crowd_shown(results.crowd)}

## Charges

New questions charged in the ledger alone by {CLIENTS} clients, each of which asks the next one as
soon as it was charged, spread over one, two and four processes that share the ledger. Every charge
debits the client's own account and that of `everyone`, where all of them meet, and is on disk when
it returns.

{charges.shown(results.charges)}

## Memory

Of the server with the demo's data, idle and after so many questions over HTTP: the gateway, its
DuckDB processes and the PostgreSQL that holds the catalog together, what they share counted once
(proportional set sizes). One in {serving.NEW_SHARE} of the questions is new. Plans, answers and
enumerations of public values are remembered up to 8 MB each, which is what the memory grows by at
first.

{serving.memory_shown(results.memory)}
"""
