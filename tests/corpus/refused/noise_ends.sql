-- Ends of intervals where there are none.

-- title: an alias that is not there
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "m" that you can use.
-- hint: GET /v1/datasets/{name} lists the columns of each table.
-- at: 1:42
SELECT age, COUNT(*) AS n, 1 + noise_low(m) AS low FROM encounters GROUP BY age;

-- title: a name that the inner query does not give
-- dataset: hospital
-- code: unknown_column
-- fact: A name above the aggregates means nothing: "m".
-- hint: Use the columns and aliases that the inner query gives.
-- at: 1:21
SELECT n, noise_low(m) AS low FROM (SELECT COUNT(*) AS n FROM encounters) t;

-- title: of a column of rows
-- dataset: hospital
-- code: not_private
-- fact: "time_in_hospital" is neither grouped nor aggregated, so it would show values of single rows.
-- hint: Add "time_in_hospital" to GROUP BY, or aggregate it.
-- at: 1:23
SELECT age, noise_low(time_in_hospital) FROM encounters GROUP BY age;

-- title: over rows of individuals
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function noise_low over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:50
SELECT COUNT(*) AS n FROM encounters WHERE 100 < noise_low(n);

-- title: of no number
-- dataset: hospital
-- code: unsupported_sql
-- fact: noise_high needs a number.
-- hint: Ask for the interval of the number that this is made of.
-- at: 1:13
SELECT age, noise_high(CASE WHEN COUNT(*) > 5 THEN 'many' END) FROM encounters GROUP BY age;

-- title: of two numbers
-- dataset: hospital
-- code: unsupported_sql
-- fact: noise_low takes one number: an alias of the SELECT list, or an expression.
-- hint: Write for example SELECT COUNT(*) AS n, noise_low(n) AS edge.
-- at: 1:8
SELECT noise_low(COUNT(*), 0.9) FROM encounters;

-- title: within one another
-- dataset: hospital
-- code: unsupported_sql
-- fact: noise_low of the end of an interval is not supported.
-- hint: Write noise_low of the number.
-- at: 1:8
SELECT noise_low(noise_high(COUNT(*))) FROM encounters;

-- title: a computed number's in HAVING
-- dataset: hospital
-- code: unsupported_sql
-- fact: The interval of a computed number, noise_low, here is not supported.
-- hint: Select it in an inner query under a name of its own, and use that name.
-- at: 1:79
SELECT age, AVG(num_medications) AS drugs FROM encounters GROUP BY age HAVING noise_low(drugs) > 10;

-- title: a computed number's within an aggregate
-- dataset: hospital
-- code: unsupported_sql
-- fact: The interval of a computed number, noise_low, here is not supported.
-- hint: Select it in an inner query under a name of its own, and use that name.
-- at: 1:12
SELECT SUM(noise_low(drugs)) FROM (SELECT age, AVG(num_medications) AS drugs FROM encounters GROUP BY age) t;

-- title: in a value that is released first
-- dataset: hospital
-- code: unsupported_sql
-- fact: noise_low of a value that is released first is not supported.
-- hint: Ask for the interval in a query of its own, and write its end as a constant.
-- at: 1:71
SELECT COUNT(*) AS n FROM encounters WHERE time_in_hospital > (SELECT noise_low(AVG(time_in_hospital)) FROM encounters);

-- title: BOOL_OR of totals in HAVING
-- dataset: hospital
-- code: unsupported_sql
-- fact: The interval of a computed number, noise_low, here is not supported.
-- hint: Select it in an inner query under a name of its own, and use that name.
-- at: 1:67
SELECT age, COUNT(*) FROM encounters GROUP BY ROLLUP (age) HAVING BOOL_OR(num_procedures > 4);
