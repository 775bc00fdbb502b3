-- Views hold the rows that their SQL gives, and no rule is loosened for them.

-- title: the rows of a view
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT * FROM patients;

-- title: the first rows of a view
-- dataset: retail
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:30
SELECT COUNT(*) FROM (SELECT * FROM customers ORDER BY lines DESC LIMIT 10) t;

-- title: a view grouped by its owner
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT patient_nbr, SUM(days) FROM patients GROUP BY patient_nbr;

-- title: a view joined on what is not the owner
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr = encounters.patient_nbr.
-- at: 1:38
SELECT COUNT(*) FROM patients a JOIN patients b ON a.stays = b.stays;

-- title: a name close to a view's
-- dataset: retail
-- code: unknown_column
-- fact: There is no table "customer" in the dataset "retail".
-- hint: Did you mean "customers"?
-- at: 1:22
SELECT COUNT(*) FROM customer;

-- title: another dataset's view
-- dataset: retail
-- code: unknown_column
-- fact: There is no table "hospital.patients" in the dataset "retail".
-- hint: Its tables: lines, customers.
-- at: 1:22
SELECT COUNT(*) FROM hospital.patients;
