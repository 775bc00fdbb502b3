-- Tools put every query into a sub-select and quote every name.

-- title: a sub-select that chooses rows and columns
-- dataset: hospital
SELECT COUNT(*) AS n FROM (SELECT * FROM encounters WHERE gender = 'Female') e;

-- title: a sub-select with computed columns
-- dataset: hospital
SELECT long, COUNT(*) AS n
FROM (SELECT time_in_hospital > 7 AS long, patient_nbr FROM encounters) s GROUP BY long;

-- title: a column redefined under its old name has the new meaning
-- dataset: hospital
SELECT SUM(time_in_hospital) AS days
FROM (SELECT time_in_hospital * 24 AS time_in_hospital FROM encounters) s;

-- title: a tool's wrapper around results
-- dataset: hospital
SELECT * FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) AS t LIMIT 1000;

-- title: quoted aliases with capitals and spaces
-- dataset: hospital
SELECT "Age Group", SUM("Stays") AS "Sum of Stays" FROM (
  SELECT "e"."age" AS "Age Group", COUNT(*) AS "Stays" FROM "hospital"."encounters" AS "e" GROUP BY "e"."age"
) AS "virtual_table" GROUP BY "Age Group" ORDER BY "Sum of Stays" DESC LIMIT 10000;

-- title: three levels
-- dataset: hospital
SELECT MAX(n) AS largest FROM (SELECT n FROM (
  SELECT age, gender, COUNT(*) AS n FROM encounters GROUP BY age, gender) a WHERE n > 10) b;

-- title: an average of the groups' averages
-- dataset: hospital
SELECT AVG(days) AS mean_of_means FROM (
  SELECT age, AVG(time_in_hospital) AS days FROM encounters GROUP BY age) t;

-- title: a wrapper with aggregates inside and out
-- dataset: retail
SELECT AVG(monthly.units) AS units, COUNT(*) AS months FROM (
  SELECT date_trunc('month', invoice_at) AS month, SUM(quantity) AS units FROM lines GROUP BY 1) monthly;

-- title: columns renamed by the alias of the table
-- dataset: hospital
SELECT a, COUNT(*) AS n FROM (SELECT age, gender FROM encounters) AS t (a, g) WHERE g = 'Male' GROUP BY a;

-- title: parentheses
-- dataset: hospital
(SELECT gender, COUNT(*) AS n FROM encounters GROUP BY gender);
