-- Above a release a function means what it means below it, also where DuckDB lacks it or means otherwise.

-- title: months of a result as text
-- dataset: retail
-- plain: SELECT strftime(month, '%b %Y') AS month, n FROM (SELECT date_trunc('month', invoice_at) AS month, COUNT(*) AS n FROM lines GROUP BY 1)
SELECT to_char(month, 'Mon YYYY') AS month, n
FROM (SELECT date_trunc('month', invoice_at) AS month, COUNT(*) AS n FROM lines GROUP BY 1) t;

-- title: a logarithm of what may be below zero
-- dataset: hospital
-- plain: SELECT age, CASE WHEN n - 161 > 0 THEN ln(n - 161) END AS l FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age)
SELECT age, ln(n - 161) AS l FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t;

-- title: a pattern over a result
-- dataset: hospital
-- plain: SELECT age, n FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) WHERE age IN ('[10-20)', '[20-30)')
SELECT age, n FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t
WHERE age SIMILAR TO '\[(1|2)_-%';

-- title: the end of a text
-- dataset: hospital
-- plain: SELECT substring(age, 1, 3) AS a, substring(age, 1, 1) AS b, n FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age)
SELECT substring(age FROM '^.{3}') AS a, substring(age, -1, 3) AS b, n
FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t;

-- title: buckets of a result
-- dataset: hospital
-- plain: SELECT CASE WHEN n < 1000 THEN 0 WHEN n < 10000 THEN 1 ELSE 2 END AS size, COUNT(*) AS ages FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) GROUP BY size
SELECT width_bucket(n, ARRAY[1000, 10000]) AS size, COUNT(*) AS ages
FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t GROUP BY size;
