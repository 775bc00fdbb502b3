"""What the demo asks, and how each question has to end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Ending(Enum):
    """How a question ends; the demo fails where one ends otherwise."""

    CHARGED = "charged"
    FREE = "free"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. Its bars are the column `bar`, labelled by the column `label`.

    `epsilon` is what it offers to pay, the policy's price where None; `remark` is said after the
    answer. SQL lines have at most 94 characters.
    """

    title: str
    dataset: str
    sql: str
    ending: Ending
    label: str = ""
    bar: str = ""
    epsilon: float | None = None
    remark: str = ""


QUESTIONS = (
    Question(
        title="How many hospital stays are there, by age?",
        dataset="hospital",
        sql="""\
SELECT age, COUNT(*) AS stays
FROM encounters
GROUP BY age""",
        ending=Ending.CHARGED,
        label="age",
        bar="stays",
        remark="The age bands are public, so every one is reported, also rare ones.",
    ),
    Question(
        title="And as a share of all stays?",
        dataset="hospital",
        sql="""\
SELECT age, 100.0 * stays / SUM(stays) OVER () AS percent
FROM (SELECT age, COUNT(*) AS stays FROM encounters GROUP BY age) AS by_age
ORDER BY percent DESC
LIMIT 5""",
        ending=Ending.FREE,
        label="age",
        bar="percent",
        remark="A window over counts that were released already: computed on the noisy numbers.",
    ),
    Question(
        title="How long do patients stay, by kind of admission?",
        dataset="hospital",
        sql="""\
SELECT t.description AS admission, AVG(e.time_in_hospital) AS days
FROM encounters AS e JOIN admission_types AS t ON t.admission_type_id = e.admission_type_id
WHERE t.description IN ('Emergency', 'Urgent', 'Elective')
GROUP BY t.description
ORDER BY days DESC""",
        ending=Ending.CHARGED,
        label="admission",
        bar="days",
        epsilon=0.5,
        remark="Protected stays joined with a public code table.",
    ),
    Question(
        title="Who comes back within 30 days, by change of the insulin dose?",
        dataset="hospital",
        sql="""\
SELECT insulin,
       100.0 * SUM(CASE WHEN readmitted = '<30' THEN 1 ELSE 0 END) / COUNT(*) AS percent
FROM encounters
GROUP BY insulin
ORDER BY percent DESC""",
        ending=Ending.CHARGED,
        label="insulin",
        bar="percent",
        epsilon=1.0,
        remark="A ratio of two noisy numbers gets its interval by redrawing their noise.",
    ),
    Question(
        title="Which primary diagnoses are most frequent?",
        dataset="hospital",
        sql="""\
SELECT diag_1, COUNT(*) AS stays
FROM encounters
GROUP BY diag_1
ORDER BY stays DESC
LIMIT 8""",
        ending=Ending.CHARGED,
        label="diag_1",
        bar="stays",
        epsilon=1.0,
        remark="Diagnoses are no public list: codes that few patients have are withheld."
        " 428 is heart failure.",
    ),
    Question(
        title="May I see five patients?",
        dataset="hospital",
        sql="""\
SELECT age, race, diag_1
FROM encounters
WHERE gender = 'Male'
LIMIT 5""",
        ending=Ending.REFUSED,
        remark="Refused before a row was read, and nothing was charged.",
    ),
    Question(
        title="How many things does a wholesaler sell each month?",
        dataset="retail",
        sql="""\
SELECT date_trunc('month', invoice_at) AS month, SUM(quantity) AS units
FROM lines
GROUP BY 1
ORDER BY 1""",
        ending=Ending.CHARGED,
        label="month",
        bar="units",
        epsilon=2.0,
        remark="Another dataset, with a budget of its own. A few of its customers are very large:"
        " hiding one of them takes much noise.",
    ),
    Question(
        title="The first question again, sorted?",
        dataset="hospital",
        sql="""\
SELECT age, COUNT(*) AS stays
FROM encounters
GROUP BY age
ORDER BY stays DESC
LIMIT 3""",
        ending=Ending.FREE,
        label="age",
        bar="stays",
        remark="The same noise as before, so asking again reveals nothing and costs nothing.",
    ),
)
