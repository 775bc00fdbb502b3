-- Groups of one owner's rows may not be shown, picked from, or be of several owners below another aggregate.

-- title: rows per owner shown
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT patient_nbr, COUNT(*) FROM encounters GROUP BY patient_nbr;

-- title: a count per owner without the owner
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT COUNT(*) FROM encounters GROUP BY patient_nbr;

-- title: the largest customers
-- dataset: retail
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:8
SELECT customer_id, SUM(quantity) AS units FROM lines GROUP BY customer_id ORDER BY units DESC LIMIT 10;

-- title: the first few owners
-- dataset: hospital
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:28
SELECT AVG(n) FROM (SELECT patient_nbr, COUNT(*) AS n FROM encounters GROUP BY patient_nbr LIMIT 100) t;

-- title: totals over owners' groups
-- dataset: retail
-- code: unsupported_sql
-- fact: ROLLUP, CUBE or GROUPING SETS over groups of one owner's rows is not supported.
-- hint: GROUP BY the owner alone, and ask for totals in an outer query.
-- at: 1:28
SELECT AVG(n) FROM (SELECT customer_id, COUNT(*) AS n FROM lines GROUP BY ROLLUP (customer_id)) t;

-- title: sets of which one has the owner
-- dataset: retail
-- code: unsupported_sql
-- fact: ROLLUP, CUBE or GROUPING SETS over groups of one owner's rows is not supported.
-- hint: GROUP BY the owner alone, and ask for totals in an outer query.
-- at: 1:28
SELECT AVG(n) FROM (SELECT customer_id, country, COUNT(*) AS n FROM lines GROUP BY GROUPING SETS ((customer_id), (country))) t;

-- title: distinct counts over owners
-- dataset: retail
-- code: unsupported_sql
-- fact: DISTINCT over groups of one owner's rows is not supported.
-- hint: Leave DISTINCT out, and GROUP BY the value in an outer query.
-- at: 1:39
SELECT COUNT(*) FROM (SELECT DISTINCT COUNT(*) AS n FROM lines GROUP BY customer_id) t;

-- title: a column that is not grouped
-- dataset: hospital
-- code: not_private
-- fact: "age" is neither grouped nor aggregated.
-- hint: Add "age" to GROUP BY, or aggregate it.
-- at: 1:41
SELECT AVG(n) FROM (SELECT patient_nbr, age, COUNT(*) AS n FROM encounters GROUP BY patient_nbr) t;

-- title: a spread per owner
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate stddev is not supported.
-- hint: Per owner, use COUNT, COUNT(DISTINCT …), SUM, AVG, MIN or MAX.
-- at: 1:41
SELECT AVG(s) FROM (SELECT patient_nbr, STDDEV(time_in_hospital) AS s FROM encounters GROUP BY patient_nbr) t;

-- title: a list per owner
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate string_agg is not supported.
-- hint: Per owner, use COUNT, COUNT(DISTINCT …), SUM, AVG, MIN or MAX.
-- at: 1:54
SELECT COUNT(*) FROM (SELECT patient_nbr, string_agg(diag_1, ',') AS d FROM encounters GROUP BY patient_nbr) t WHERE d LIKE '%250%';

-- title: joined with groups of several owners
-- dataset: retail
-- code: unknown_column
-- fact: USING names "customer_id", which is not a column of both sides.
-- hint: Use a column that both tables have, or write ON.
-- at: 1:113
SELECT AVG(n) FROM (SELECT customer_id % 10 AS part, COUNT(*) AS n FROM lines GROUP BY customer_id % 10) t JOIN lines USING (customer_id);

-- title: distinct owners shown
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:17
SELECT DISTINCT patient_nbr, age FROM encounters;

-- title: an average of something without bounds
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: "MAX(patient_nbr % 100 * patient_nbr)" has none in the policy.
-- hint: Add `bounds` for "MAX(patient_nbr % 100 * patient_nbr)" to the policy, or narrow with WHERE … BETWEEN.
-- at: 1:8
SELECT AVG(last) FROM (SELECT patient_nbr, MAX(patient_nbr % 100 * patient_nbr) AS last FROM encounters GROUP BY patient_nbr) t;

-- title: a column beside a key computed from it
-- dataset: retail
-- code: not_private
-- fact: "invoice_at" is neither grouped nor aggregated.
-- hint: Add "invoice_at" to GROUP BY, or aggregate it.
-- at: 1:59
SELECT AVG(n) FROM (SELECT customer_id, extract(hour FROM invoice_at) AS n FROM lines GROUP BY customer_id, date_trunc('month', invoice_at)) t;
