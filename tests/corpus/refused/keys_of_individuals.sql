-- A group for each individual shows individuals; under `pure` private groups cannot be found.

-- title: the unit as a key
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT patient_nbr, COUNT(*) FROM encounters GROUP BY patient_nbr;

-- title: the distinct units
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:17
SELECT DISTINCT patient_nbr FROM encounters;

-- title: the unit among other keys
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT age, patient_nbr, COUNT(*) AS n FROM encounters GROUP BY age, patient_nbr;

-- title: a declared key, renamed
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT p, COUNT(*) AS n FROM (SELECT patient_nbr AS p FROM encounters) t GROUP BY p;

-- title: the unit in retail
-- dataset: retail
-- code: not_private
-- fact: The query would return rows of single customers.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT customer_id, SUM(quantity) AS units FROM lines GROUP BY customer_id;

-- title: private keys under pure
-- dataset: hospital
-- policy: pure
-- code: not_private
-- fact: The values of "diag_1" are private, and under the guarantee `pure` groups cannot be found
-- hint: Name the values with WHERE … IN (…), or ask for their `values` to be
SELECT diag_1, COUNT(*) AS n FROM encounters GROUP BY diag_1;

-- title: private products under pure
-- dataset: retail
-- policy: pure
-- code: not_private
-- fact: The values of "stock_code" are private, and under the guarantee `pure` groups cannot be
-- hint: Name the values with WHERE … IN (…), or ask for their `values` to be
SELECT stock_code, COUNT(*) AS n FROM lines GROUP BY stock_code;

-- title: distinct private values under pure
-- dataset: hospital
-- policy: pure
-- code: not_private
-- fact: The values of "diag_1" are private, and under the guarantee `pure` groups cannot be found
-- hint: Name the values with WHERE … IN (…), or ask for their `values` to be
SELECT DISTINCT diag_1 FROM encounters;
