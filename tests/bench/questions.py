"""The questions that are measured: six shapes, each about both datasets."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, replace
from fractions import Fraction

from gateway.edges import Analyst
from gateway.exchange import Request

ANALYST = Analyst(name="bench", roles=("analyst",))

_number = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One question. `sql` means the same to the gateway and to DuckDB."""

    dataset: str
    shape: str
    sql: str
    columns: tuple[str, ...]

    def new(self) -> Request:
        """The question at a price at which nobody asked it before, from somebody who has seen no
        better answer."""
        number = next(_number)
        price = Fraction("0.01") + Fraction(number, 10**7)
        return replace(self.at(price), analyst=Analyst(name=f"bench{number}", roles=("analyst",)))

    def at(self, price: Fraction) -> Request:
        """The question at a price."""
        return Request(
            query_id=uuid.uuid4().hex,
            analyst=ANALYST,
            sql=self.sql,
            dataset=self.dataset,
            epsilon=price,
        )


def _asked(dataset: str, shape: str, sql: str, *columns: str) -> Measured:
    return Measured(dataset=dataset, shape=shape, sql=sql, columns=columns)


HOSPITAL = (
    _asked("hospital", "count", "SELECT COUNT(*) AS n FROM encounters", "n"),
    _asked(
        "hospital",
        "public key, sum",
        "SELECT age, SUM(time_in_hospital) AS days FROM encounters GROUP BY age",
        *("age", "days"),
    ),
    _asked(
        "hospital",
        "29 public values",
        "SELECT discharge_disposition_id AS d, COUNT(*) AS n FROM encounters GROUP BY 1",
        *("d", "n"),
    ),
    _asked(
        "hospital",
        "private key",
        "SELECT diag_1, COUNT(*) AS n FROM encounters GROUP BY diag_1",
        *("diag_1", "n"),
    ),
    _asked(
        "hospital",
        "distinct owners",
        "SELECT COUNT(DISTINCT patient_nbr) AS patients FROM encounters",
        "patients",
    ),
    _asked(
        "hospital",
        "average of CASE",
        "SELECT gender, AVG(CASE WHEN readmitted = '<30' THEN time_in_hospital END) AS days "
        "FROM encounters GROUP BY gender",
        *("gender", "days"),
    ),
)

EVENTS = (
    _asked("events", "count", "SELECT COUNT(*) AS n FROM events", "n"),
    _asked(
        "events",
        "by month, sum",
        "SELECT date_trunc('month', happened_at) AS month, SUM(amount) AS total "
        "FROM events GROUP BY 1",
        *("month", "total"),
    ),
    _asked(
        "events",
        "50 public values",
        "SELECT kind, COUNT(*) AS n FROM events GROUP BY kind",
        *("kind", "n"),
    ),
    _asked(
        "events",
        "private key",
        "SELECT place, COUNT(*) AS n FROM events GROUP BY place",
        *("place", "n"),
    ),
    _asked(
        "events",
        "distinct owners",
        "SELECT COUNT(DISTINCT owner_id) AS owners FROM events",
        "owners",
    ),
    _asked(
        "events",
        "average of CASE",
        "SELECT AVG(CASE WHEN kind = 'k07' THEN amount END) AS mean FROM events",
        "mean",
    ),
)
