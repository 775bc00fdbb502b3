-- Windows whose rows could be of several owners, and those that leave a choice to the engine.

-- title: PARTITION BY without the owner
-- dataset: hospital
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: patient_nbr. Or aggregate first; windows work on the results.
-- at: 1:32
SELECT AVG(total) FROM (SELECT SUM(time_in_hospital) OVER (PARTITION BY age) AS total FROM encounters) t;

-- title: no PARTITION BY
-- dataset: retail
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: customer_id. Or aggregate first; windows work on the results.
-- at: 1:30
SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY invoice_at) AS r FROM lines) t WHERE r <= 100;

-- title: an expression of the owner is not the owner
-- dataset: retail
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: customer_id. Or aggregate first; windows work on the results.
-- at: 1:30
SELECT COUNT(*) FROM (SELECT RANK() OVER (PARTITION BY customer_id + 0 ORDER BY invoice_at) AS r FROM lines) t;

-- title: a column that is only called like the owner
-- dataset: hospital
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: patient_nbr. Or aggregate first; windows work on the results.
-- at: 1:30
SELECT COUNT(*) FROM (SELECT COUNT(*) OVER (PARTITION BY patient_nbr) AS n
                      FROM (SELECT age AS patient_nbr FROM encounters) e) t;

-- title: a named window without the owner
-- dataset: hospital
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: patient_nbr. Or aggregate first; windows work on the results.
-- at: 1:28
SELECT AVG(x) FROM (SELECT LAG(time_in_hospital) OVER w AS x FROM encounters WINDOW w AS (ORDER BY age)) t;

-- title: over groups, without the owner
-- dataset: retail
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: customer_id. Or aggregate first; windows work on the results.
-- at: 1:41
SELECT AVG(r) FROM (SELECT customer_id, RANK() OVER (ORDER BY COUNT(*)) AS r FROM lines GROUP BY customer_id) t;

-- title: rows of individuals with their number
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT patient_nbr, ROW_NUMBER() OVER (PARTITION BY patient_nbr) FROM encounters;

-- title: one row of each owner shown
-- dataset: retail
-- code: not_private
-- fact: The query would return rows of single customers.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:21
SELECT DISTINCT ON (customer_id) customer_id, invoice_at FROM lines ORDER BY customer_id, invoice_at;

-- title: DISTINCT ON without the owner
-- dataset: retail
-- code: not_private
-- fact: DISTINCT ON would pick one owner's row and drop another's.
-- hint: Add the owner: DISTINCT ON (customer_id, …). Or aggregate.
-- at: 1:43
SELECT COUNT(*) FROM (SELECT DISTINCT ON (country) country, invoice_at FROM lines ORDER BY country, invoice_at) t;

-- title: DISTINCT ON with another order
-- dataset: retail
-- code: unsupported_sql
-- fact: DISTINCT ON with another order is not supported.
-- hint: Begin ORDER BY with the expressions of DISTINCT ON, as PostgreSQL asks.
-- at: 1:98
SELECT COUNT(*) FROM (SELECT DISTINCT ON (customer_id) customer_id, quantity FROM lines ORDER BY quantity) t;

-- title: a window within a window
-- dataset: retail
-- code: unsupported_sql
-- fact: A window function here is not supported.
-- hint: Put it into the SELECT list of a subquery, and use its column.
-- at: 1:32
SELECT AVG(x) FROM (SELECT SUM(COUNT(*) OVER (PARTITION BY customer_id)) OVER (PARTITION BY customer_id) AS x
                    FROM lines) t;

-- title: a window in an aggregate
-- dataset: retail
-- code: unsupported_sql
-- fact: A window function here is not supported.
-- hint: Put it into the SELECT list of a subquery, and use its column.
-- at: 1:12
SELECT AVG(COUNT(*) OVER (PARTITION BY customer_id)) FROM lines;

-- title: a window in HAVING
-- dataset: retail
-- code: unsupported_sql
-- fact: A window function here is not supported.
-- hint: Put it into the SELECT list of a subquery, and use its column.
-- at: 2:30
SELECT COUNT(*) FROM (SELECT customer_id FROM lines GROUP BY customer_id
                      HAVING ROW_NUMBER() OVER (PARTITION BY customer_id) = 1) t;

-- title: a window that is not defined
-- dataset: retail
-- code: unknown_column
-- fact: There is no window "w".
-- hint: Define it before it is used: … WINDOW w AS (PARTITION BY …).
-- at: 1:28
SELECT AVG(x) FROM (SELECT SUM(quantity) OVER w AS x FROM lines) t;

-- title: a named window partitioned again
-- dataset: retail
-- code: unsupported_sql
-- fact: Changing what a named window already says is not supported.
-- hint: Write the window out in OVER (…).
-- at: 1:28
SELECT AVG(x) FROM (SELECT SUM(quantity) OVER (w PARTITION BY customer_id) AS x
                    FROM lines WINDOW w AS (ORDER BY invoice_at)) t;

-- title: EXCLUDE
-- dataset: retail
-- code: unsupported_sql
-- fact: EXCLUDE in a frame is not supported.
-- hint: Leave it out.
-- at: 1:28
SELECT AVG(x) FROM (SELECT SUM(quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at
                      ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS x FROM lines) t;

-- title: months have no fixed length
-- dataset: retail
-- code: unsupported_sql
-- fact: This distance in a frame of RANGE is not supported.
-- hint: ORDER BY one integer and write a whole number; or one date or timestamp, and an interval of days or less, such as INTERVAL '30 days'.
-- at: 1:28
SELECT AVG(x) FROM (SELECT SUM(quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at
                      RANGE BETWEEN INTERVAL '1 month' PRECEDING AND CURRENT ROW) AS x FROM lines) t;

-- title: a distance that differs by row
-- dataset: retail
-- code: unsupported_sql
-- fact: This distance in a frame of ROWS is not supported.
-- hint: Write a whole number of rows.
-- at: 1:28
SELECT AVG(x) FROM (SELECT SUM(quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at
                      ROWS BETWEEN quantity PRECEDING AND CURRENT ROW) AS x FROM lines) t;

-- title: a distance among several orderings
-- dataset: retail
-- code: unsupported_sql
-- fact: This distance in a frame of RANGE is not supported.
-- hint: ORDER BY one integer and write a whole number; or one date or timestamp, and an interval of days or less, such as INTERVAL '30 days'.
-- at: 1:28
SELECT AVG(x) FROM (SELECT SUM(quantity) OVER (PARTITION BY customer_id ORDER BY quantity, unit_price
                      RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS x FROM lines) t;

-- title: a frame that ends before it starts
-- dataset: retail
-- code: unsupported_sql
-- fact: A frame that ends before it starts is not supported.
-- hint: Exchange its ends.
-- at: 1:28
SELECT AVG(x) FROM (SELECT SUM(quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at
                      ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) AS x FROM lines) t;

-- title: GROUPS without an order
-- dataset: retail
-- code: unsupported_sql
-- fact: GROUPS without ORDER BY is not supported.
-- hint: Add ORDER BY, or write ROWS.
-- at: 1:28
SELECT AVG(x) FROM (SELECT SUM(quantity) OVER (PARTITION BY customer_id
                      GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS x FROM lines) t;

-- title: the last of rows that tie
-- dataset: retail
-- code: unsupported_sql
-- fact: LAST_VALUE among rows that tie in ORDER BY is not definite.
-- hint: Write the frame in rows: … ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING.
-- at: 1:28
SELECT AVG(x) FROM (SELECT LAST_VALUE(quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at) AS x
                    FROM lines) t;

-- title: LAG by a column
-- dataset: retail
-- code: unsupported_sql
-- fact: LAG with this number is not supported.
-- hint: Write a whole number of at least 0.
-- at: 1:28
SELECT AVG(x) FROM (SELECT LAG(quantity, quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at) AS x
                    FROM lines) t;

-- title: NTILE of nothing
-- dataset: retail
-- code: unsupported_sql
-- fact: NTILE with this number is not supported.
-- hint: Write a whole number of at least 1.
-- at: 1:28
SELECT AVG(x) FROM (SELECT NTILE(0) OVER (PARTITION BY customer_id ORDER BY invoice_at) AS x FROM lines) t;

-- title: DISTINCT in a window
-- dataset: retail
-- code: unsupported_sql
-- fact: DISTINCT in a window function is not supported.
-- hint: Leave DISTINCT out.
-- at: 1:28
SELECT AVG(x) FROM (SELECT COUNT(DISTINCT stock_code) OVER (PARTITION BY customer_id) AS x FROM lines) t;

-- title: an aggregate that is not known per owner
-- dataset: retail
-- code: unsupported_sql
-- fact: The aggregate string_agg is not supported.
-- hint: Per owner, use COUNT, COUNT(DISTINCT …), SUM, AVG, MIN or MAX.
-- at: 1:41
SELECT COUNT(x) FROM (SELECT STRING_AGG(stock_code, ',') OVER (PARTITION BY customer_id) AS x FROM lines) t;

-- title: IGNORE NULLS
-- dataset: hospital
-- code: unsupported_sql
-- fact: IGNORE NULLS or RESPECT NULLS is not supported.
-- hint: Leave NULLs out in a subquery.
-- at: 1:28
SELECT AVG(x) FROM (SELECT LAG(time_in_hospital) IGNORE NULLS OVER (PARTITION BY patient_nbr) AS x FROM encounters) t;
