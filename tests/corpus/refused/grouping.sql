-- Forms of GROUP BY and of the star that hide what is read.

-- title: GROUP BY ALL
-- dataset: hospital
-- code: unsupported_sql
-- fact: GROUP BY ALL is not supported.
-- hint: List the columns.
-- at: 1:1
SELECT age, COUNT(*) FROM encounters GROUP BY ALL;

-- title: GROUP BY DISTINCT
-- dataset: hospital
-- code: unsupported_sql
-- fact: GROUP BY DISTINCT is not supported.
-- hint: Leave DISTINCT out: equal groups are one.
-- at: 1:8
SELECT age, COUNT(*) FROM encounters GROUP BY DISTINCT age;

-- title: every column by COLUMNS
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function columns over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:8
SELECT COLUMNS(*) FROM encounters;

-- title: counts by COLUMNS
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function columns over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:14
SELECT COUNT(COLUMNS(*)) FROM encounters;

-- title: all but one column
-- dataset: hospital
-- code: unsupported_sql
-- fact: EXCEPT, REPLACE or RENAME of * is not supported.
-- hint: Name the columns.
-- at: 1:8
SELECT * EXCLUDE (age) FROM encounters;

-- title: all with one replaced
-- dataset: hospital
-- code: unsupported_sql
-- fact: EXCEPT, REPLACE or RENAME of * is not supported.
-- hint: Name the columns.
-- at: 1:8
SELECT * REPLACE (1 AS age) FROM encounters;

-- title: ORDER BY ALL of rows
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT age FROM encounters ORDER BY ALL;

-- title: a star beside an aggregate
-- dataset: hospital
-- code: not_private
-- fact: "patient_nbr" is neither grouped nor aggregated, so it would show values of single rows.
-- hint: Add "patient_nbr" to GROUP BY, or aggregate it.
-- at: 1:1
SELECT *, COUNT(*) FROM encounters;

-- title: grouped by a star
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression * over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:42
SELECT COUNT(*) FROM encounters GROUP BY *;

-- title: too many results read again
-- dataset: hospital
-- code: unsupported_sql
-- fact: Reading results so many times over is not supported.
-- hint: Repeat them less often.
-- at: 1:250
WITH a AS (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age), b AS (SELECT x.n FROM a x, a y, a z, a v, a w), c AS (SELECT x.n FROM b x, b y, b z, b v, b w), d AS (SELECT x.n FROM c x, c y, c z, c v, c w), f AS (SELECT x.n FROM d x, d y, d z, d v, d w) SELECT COUNT(*) FROM f;

-- title: PIVOT
-- dataset: hospital
-- code: unsupported_sql
-- fact: The pivots of a table in FROM is not supported.
-- hint: Name the table alone.
-- at: 1:15
SELECT * FROM encounters PIVOT (COUNT(*) FOR gender IN ('Male', 'Female'));
