-- Joins that pair rows of two owners, or in which a row hangs on another owner's rows.

-- title: equal owners or something else
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:40
SELECT COUNT(*) FROM encounters a JOIN encounters b ON a.patient_nbr = b.patient_nbr OR a.diag_1 = b.diag_1;

-- title: the owner under a negation
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:40
SELECT COUNT(*) FROM encounters a JOIN encounters b ON NOT (a.patient_nbr = b.patient_nbr);

-- title: IS NOT DISTINCT FROM also pairs those without an owner
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:40
SELECT COUNT(*) FROM encounters a JOIN encounters b ON a.patient_nbr IS NOT DISTINCT FROM b.patient_nbr;

-- title: the owner as text
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:40
SELECT COUNT(*) FROM encounters a JOIN encounters b ON CAST(a.patient_nbr AS text) = CAST(b.patient_nbr AS text);

-- title: an owner computed anew
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:85
SELECT COUNT(*) FROM (SELECT patient_nbr + 0 AS patient_nbr FROM encounters) a JOIN encounters b ON a.patient_nbr = b.patient_nbr;

-- title: another column that took the owner's name
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:97
SELECT COUNT(*) FROM (SELECT encounters.time_in_hospital AS patient_nbr FROM encounters) a JOIN encounters b ON a.patient_nbr = b.patient_nbr;

-- title: the equality within a CASE
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:40
SELECT COUNT(*) FROM encounters a JOIN encounters b ON CASE WHEN a.patient_nbr = b.patient_nbr THEN TRUE ELSE TRUE END;

-- title: the equality only after the outer join
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:45
SELECT COUNT(*) FROM encounters a LEFT JOIN encounters b ON a.diag_1 = b.diag_1 WHERE a.patient_nbr = b.patient_nbr;

-- title: USING another column
-- dataset: retail
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: lines.customer_id = lines.customer_id.
-- at: 1:35
SELECT COUNT(*) FROM lines a JOIN lines b USING (stock_code);

-- title: public rows that no protected row meets
-- dataset: hospital
-- code: unsupported_sql
-- fact: An outer join that keeps public rows without a protected one is not supported.
-- hint: Use JOIN: groups of a public column are reported also when they are empty.
-- at: 1:69
SELECT t.description, COUNT(e.age) FROM admission_types t LEFT JOIN encounters e ON e.admission_type_id = t.admission_type_id GROUP BY t.description;

-- title: a common table expression read twice
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:83
WITH t AS (SELECT age, patient_nbr FROM encounters) SELECT COUNT(*) FROM t a JOIN t b ON a.age = b.age;

-- title: a lateral subquery
-- dataset: hospital
-- code: unsupported_sql
-- fact: LATERAL in FROM is not supported.
-- hint: Read a table or a subquery.
-- at: 1:52
SELECT COUNT(*) FROM encounters e, LATERAL (SELECT 1 FROM encounters o WHERE o.patient_nbr = e.patient_nbr) t;

-- title: RIGHT JOIN after a comma, which binds less
-- dataset: hospital
-- code: unsupported_sql
-- fact: RIGHT JOIN after a comma is not supported.
-- hint: Write JOIN … ON for the comma.
-- at: 1:65
SELECT COUNT(*) FROM admission_types t, encounters a RIGHT JOIN encounters b ON a.patient_nbr = b.patient_nbr WHERE t.admission_type_id = b.admission_type_id;

-- title: grouped by the owner of the optional side
-- dataset: hospital
-- code: not_private
-- fact: "patient_nbr" decides the protected entity wherever it is not NULL: a group for each would show individuals.
-- hint: Group by something that many share, or by whether it is there: CASE WHEN … IS NULL THEN 'no' ELSE 'yes' END.
SELECT b.patient_nbr, COUNT(*) FROM encounters a LEFT JOIN encounters b
  ON a.patient_nbr = b.patient_nbr AND b.readmitted = '<30' GROUP BY b.patient_nbr;

-- title: grouped by the owner of the left side, which RIGHT JOIN makes optional
-- dataset: retail
-- code: not_private
-- fact: "customer_id" decides the protected entity wherever it is not NULL: a group for each would show individuals.
-- hint: Group by something that many share, or by whether it is there: CASE WHEN … IS NULL THEN 'no' ELSE 'yes' END.
SELECT a.customer_id, COUNT(*) FROM (SELECT customer_id FROM lines WHERE quantity < 0) a
RIGHT JOIN lines b ON a.customer_id = b.customer_id GROUP BY 1;

-- title: per owner by the optional side's owner, whose NULLs are of many
-- dataset: hospital
-- code: not_private
-- fact: "patient_nbr" decides the protected entity wherever it is not NULL: a group for each would show individuals.
-- hint: Group by something that many share, or by whether it is there: CASE WHEN … IS NULL THEN 'no' ELSE 'yes' END.
SELECT AVG(n) FROM (SELECT b.patient_nbr, COUNT(*) AS n FROM encounters a LEFT JOIN encounters b
  ON a.patient_nbr = b.patient_nbr AND b.readmitted = '<30' GROUP BY b.patient_nbr) t;

-- title: a window partitioned by the optional side's owner
-- dataset: hospital
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: patient_nbr. Or aggregate first; windows work on the results.
-- at: 1:28
SELECT AVG(n) FROM (SELECT COUNT(*) OVER (PARTITION BY b.patient_nbr) AS n FROM encounters a LEFT JOIN encounters b
  ON a.patient_nbr = b.patient_nbr AND b.readmitted = '<30') t;

-- title: FULL JOIN with USING
-- dataset: retail
-- code: unsupported_sql
-- fact: FULL JOIN without a plain condition is not supported.
-- hint: Write FULL JOIN … ON a.x = b.x.
-- at: 1:40
SELECT COUNT(*) FROM lines a FULL JOIN lines b USING (customer_id, stock_code);

-- title: FULL JOIN on something else
-- dataset: retail
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: lines.customer_id = lines.customer_id.
-- at: 1:40
SELECT COUNT(*) FROM lines a FULL JOIN lines b ON a.stock_code = b.stock_code;

-- title: groups by the owner of one side of a FULL JOIN
-- dataset: retail
-- code: not_private
-- fact: "customer_id" decides the protected entity wherever it is not NULL: a group for each would show individuals.
-- hint: Group by something that many share, or by whether it is there: CASE WHEN … IS NULL THEN 'no' ELSE 'yes' END.
SELECT a.customer_id, COUNT(*) FROM lines a FULL JOIN lines b ON a.customer_id = b.customer_id GROUP BY 1;
