-- Aggregates that are not answered.

-- title: SUM(DISTINCT)
-- dataset: hospital
-- code: unsupported_sql
-- fact: SUM(DISTINCT …) is not supported.
-- hint: Use SUM without DISTINCT.
-- at: 1:8
SELECT SUM(DISTINCT time_in_hospital) FROM encounters;

-- title: a list of values
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate array_agg is not supported.
-- hint: It would show single rows: SELECT x, COUNT(*) … GROUP BY x shows what many share.
-- at: 1:8
SELECT array_agg(diag_1) FROM encounters;

-- title: text put together
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate string_agg is not supported.
-- hint: It would show single rows: SELECT x, COUNT(*) … GROUP BY x shows what many share.
-- at: 1:19
SELECT string_agg(diag_1, ',') FROM encounters;

-- title: JSON of values
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate json_agg is not supported.
-- hint: Use COUNT, COUNT(DISTINCT
-- at: 1:17
SELECT json_agg(age) FROM encounters;

-- title: any value
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate any_value is not supported.
-- hint: Count each value: SELECT x, COUNT(*) … GROUP BY x ORDER BY 2 DESC LIMIT 1.
-- at: 1:8
SELECT any_value(diag_1) FROM encounters;

-- title: the first value
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate first is not supported.
-- hint: Count each value: SELECT x, COUNT(*) … GROUP BY x ORDER BY 2 DESC LIMIT 1.
-- at: 1:8
SELECT first(diag_1) FROM encounters;

-- title: the mode
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate mode is not supported.
-- hint: Count each value: SELECT x, COUNT(*) … GROUP BY x ORDER BY 2 DESC LIMIT 1.
-- at: 1:8
SELECT mode() WITHIN GROUP (ORDER BY diag_1) FROM encounters;

-- title: bit_xor
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate bit_xor is not supported.
-- hint: Use COUNT, COUNT(DISTINCT
-- at: 1:8
SELECT bit_xor(patient_nbr) FROM encounters;

-- title: an unknown aggregate
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function secret_sum over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:8
SELECT secret_sum(age) FROM encounters;

-- title: the sum of a text
-- dataset: hospital
-- code: unsupported_sql
-- fact: SUM needs a number, not text.
-- hint: Sum a numeric column or expression.
-- at: 1:8
SELECT SUM(age) FROM encounters;

-- title: the sum of a boolean
-- dataset: hospital
-- code: unsupported_sql
-- fact: SUM needs a number, not boolean.
-- hint: Sum a numeric column or expression.
-- at: 1:8
SELECT SUM(gender = 'Male') FROM encounters;

-- title: the average of a moment
-- dataset: retail
-- code: unsupported_sql
-- fact: AVG needs a number, not timestamp.
-- hint: Sum a numeric column or expression.
-- at: 1:8
SELECT AVG(invoice_at) FROM lines;

-- title: an aggregate in WHERE
-- dataset: hospital
-- code: unsupported_sql
-- fact: An aggregate here is not supported.
-- hint: Aggregate in the SELECT list or in HAVING.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE COUNT(*) > 5;

-- title: an aggregate of an aggregate
-- dataset: hospital
-- code: unsupported_sql
-- fact: An aggregate here is not supported.
-- hint: Aggregate in the SELECT list or in HAVING.
-- at: 1:12
SELECT SUM(COUNT(*)) FROM encounters;

-- title: an ordered aggregate
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression time_in_hospital ORDER BY age over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:12
SELECT SUM(time_in_hospital ORDER BY age) FROM encounters;

-- title: an aggregate as a group key
-- dataset: hospital
-- code: unsupported_sql
-- fact: An aggregate here is not supported.
-- hint: Aggregate in the SELECT list or in HAVING.
-- at: 1:42
SELECT COUNT(*) FROM encounters GROUP BY COUNT(*);
