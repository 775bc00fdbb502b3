"""What programs do with psqlODBC. Prints one line for each row: the step, then cells by tabs.

Arguments: host, port, database, user, key, and options of the driver as name=value; or `questions`
in place of options for what costs a budget.
"""

from __future__ import annotations

import datetime as dt
import sys
import threading
from collections.abc import Iterable
from decimal import Decimal

import pyodbc

SLOW = "SELECT count(*) FROM pg_attribute a, pg_attribute b, pg_attribute c"
REFUSED = [
    "SELECT nothing FROM kinds",
    "SELECT FROM WHERE",
    "SELECT 'open",
    "SELECT nothing FROM pg_class",
    "SHOW nothing",
    "FETCH 1 FROM nothing",
    "EXECUTE nothing",
]
VALUES = {
    "id": 2,
    "flag": False,
    "small": -32768,
    "whole": 0,
    "big": -1,
    "exact": Decimal("-0.001"),
    "approximate": 1e300,
    "word": 'tab\t, "quote" and \\ ü €',
    "day": dt.date(1969, 12, 31),
    "moment": dt.datetime(1999, 12, 31, 23, 59, 59, 999999),
}
TABLE_OID = 22
"""The one column of SQLColumns that is another number in every database."""


def connected(arguments: list[str], options: Iterable[str]) -> pyodbc.Connection:
    host, port, database, user, key = arguments
    given = {"Server": host, "Port": port, "Database": database, "UID": user, "PWD": f"{{{key}}}"}
    words = ["Driver=PostgreSQL Unicode", "SSLmode=disable", "BoolsAsChar=0"]
    words += [f"{name}={value}" for name, value in given.items()]
    return pyodbc.connect(";".join([*words, *options]), autocommit=True)


def say(step: str, *cells: object) -> None:
    written = ["\\N" if cell is None else escaped(str(cell)) for cell in cells]
    print("\t".join([step, *written]))  # noqa: T201


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def rows(step: str, cursor: pyodbc.Cursor) -> None:
    described = cursor.description or ()
    say(f"{step}: columns", *(f"{column[0]} {column[1].__name__}" for column in described))
    found = cursor.fetchall()
    for row in found:
        say(step, *row)
    say(f"{step}: rows", len(found))


def catalog(connection: pyodbc.Connection) -> None:
    cursor = connection.cursor()
    rows("SQLTables", cursor.tables(schema="public"))
    rows("SQLTables of views", cursor.tables(table="long%", tableType="VIEW"))
    rows("SQLTables, catalogs", cursor.tables(catalog="%", schema="", table=""))
    for name in ("visits", "kinds", "numbers", "long_stays"):
        for row in cursor.columns(table=name):
            cells = tuple(row)
            say(f"SQLColumns {name}", *cells[:TABLE_OID], *cells[TABLE_OID + 1 :])
        rows(f"SQLPrimaryKeys {name}", cursor.primaryKeys(name))
        rows(f"SQLForeignKeys of {name}", cursor.foreignKeys(foreignTable=name))
        rows(f"SQLForeignKeys to {name}", cursor.foreignKeys(table=name))
        rows(f"SQLStatistics {name}", cursor.statistics(name))
        rows(f"SQLSpecialColumns {name}", cursor.rowIdColumns(name))
    rows("SQLProcedures", cursor.procedures(schema="public"))
    rows("SQLGetTypeInfo", cursor.getTypeInfo())


def types(connection: pyodbc.Connection) -> None:
    sql = "SELECT * FROM kinds ORDER BY id"
    rows("types", connection.execute(sql))
    rows("types, prepared", connection.execute(f"{sql} LIMIT ?", [3]))
    for name in VALUES:
        rows(f"type of {name}", connection.execute(f"SELECT {name} FROM kinds WHERE id = 2"))


def parameters(connection: pyodbc.Connection) -> None:
    for name, value in VALUES.items():
        sql = f"SELECT id FROM kinds WHERE {name} = ?"
        cursor = connection.cursor()
        for _ in range(2):  # the same statement handle, prepared once
            rows(f"parameter {name}", cursor.execute(sql, [value]))
        rows(f"NULL for {name}", cursor.execute(sql, [None]))
    several = "SELECT id FROM kinds WHERE id BETWEEN ? AND ? AND word <> ? ORDER BY id LIMIT ?"
    rows("several", connection.execute(several, [1, 4, "plain", 1]))
    rows("of the catalog", connection.execute(
        "SELECT relname::text FROM pg_class WHERE relname = ? ORDER BY 1", ["visits"]
    ))  # fmt: skip


def errors(connection: pyodbc.Connection) -> None:
    for sql in REFUSED:
        try:
            connection.execute(sql)
            say("error", sql, "none")
        except pyodbc.Error as error:
            say("error", sql, error.args[0])
    rows("after errors", connection.execute("SELECT 1 AS one"))


def big_results(connection: pyodbc.Connection) -> None:
    cursor = connection.execute("SELECT n, label FROM numbers ORDER BY n")
    counts = []
    while found := cursor.fetchmany(700):
        counts.append(len(found))
        last = found[-1]
    say("parts", *counts)
    say("last", *last)
    cursor = connection.execute("SELECT n FROM numbers ORDER BY n")
    say("left early", *cursor.fetchone())
    cursor.close()
    rows("after it", connection.execute("SELECT 1 AS one"))


def transactions(connection: pyodbc.Connection) -> None:
    connection.autocommit = False
    rows("in a transaction", connection.execute("SELECT id FROM kinds WHERE id = 4"))
    try:
        connection.execute("SELECT nothing FROM kinds")
    except pyodbc.Error as error:
        say("failed", error.args[0])
    connection.rollback()
    rows("after it", connection.execute("SELECT id FROM kinds WHERE id = 1"))
    connection.commit()
    connection.autocommit = True
    cursor = connection.execute("SELECT 1 AS a; SELECT 'x' AS b")
    rows("first of two", cursor)
    say("another", cursor.nextset())
    rows("second of two", cursor)


def cancel(connection: pyodbc.Connection) -> None:
    cursor = connection.cursor()
    ended = threading.Event()

    def cancelling() -> None:
        # One that comes before the statement has begun ends nothing; so they are repeated.
        while not ended.wait(0.2):
            cursor.cancel()

    thread = threading.Thread(target=cancelling)
    thread.start()
    try:
        cursor.execute(SLOW).fetchall()
        say("cancelled", "not")
    except pyodbc.Error as error:
        say("cancelled", error.args[0])
    finally:
        ended.set()
        thread.join()
    connection.execute("SET statement_timeout = '300ms'")
    try:
        connection.execute(SLOW).fetchall()
        say("timed out", "not")
    except pyodbc.Error as error:
        say("timed out", error.args[0])
    connection.execute("RESET statement_timeout")
    rows("after that", connection.execute("SELECT 1 AS one"))


def questions(connection: pyodbc.Connection) -> None:
    sql = "SELECT ward, COUNT(*) AS n, AVG(cost) AS c FROM visits WHERE days > ? GROUP BY ward"
    before = connection.execute("SHOW noisegate.remaining_budget").fetchone()
    for _ in range(3):
        rows("question", connection.execute(sql, [5]))
    after = connection.execute("SHOW noisegate.remaining_budget").fetchone()
    say("left", before[0], after[0])
    try:
        connection.execute("SELECT ward FROM visits")
    except pyodbc.Error as error:
        say("refused", *error.args)


def main() -> None:
    pyodbc.pooling = False
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    arguments, options = sys.argv[1:6], sys.argv[6:]
    if options == ["questions"]:
        with connected(arguments, []) as connection:
            questions(connection)
        return
    with connected(arguments, options) as connection:
        steps = [catalog, types, parameters, errors, big_results, transactions, cancel]
        for step in steps:
            step(connection)


if __name__ == "__main__":
    main()
