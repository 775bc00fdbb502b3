-- Distinct values of any column: each owner brings so many of them at most, chosen by a hash.

-- title: how many diagnoses occur
-- dataset: hospital
SELECT COUNT(DISTINCT diag_1) AS diagnoses FROM encounters;

-- title: per public group
-- dataset: hospital
SELECT age, COUNT(DISTINCT diag_1) AS diagnoses FROM encounters GROUP BY age;

-- title: beside counts, sums and patients
-- dataset: hospital
SELECT gender, COUNT(DISTINCT diag_1) AS diagnoses, COUNT(*) AS stays,
       COUNT(DISTINCT patient_nbr) AS patients, SUM(time_in_hospital) AS days
FROM encounters GROUP BY gender;

-- title: per private group
-- dataset: hospital
SELECT diag_1, COUNT(DISTINCT medical_specialty) AS specialties FROM encounters GROUP BY diag_1;

-- title: of an expression, with FILTER
-- dataset: retail
SELECT COUNT(DISTINCT date_trunc('day', invoice_at)) FILTER (WHERE quantity > 0) AS days FROM lines;

-- title: of several columns, one each
-- dataset: retail
SELECT country, COUNT(DISTINCT stock_code) AS articles, COUNT(DISTINCT quantity) AS sizes
FROM lines GROUP BY country;

-- title: of floating-point numbers
-- dataset: retail
SELECT COUNT(DISTINCT unit_price) AS prices FROM lines;

-- title: of an expression of the unit, which is a value like any other
-- dataset: hospital
SELECT COUNT(DISTINCT patient_nbr + 0) AS n FROM encounters;

-- title: of two columns together
-- dataset: hospital
SELECT COUNT(DISTINCT (diag_1, age)) AS pairs FROM encounters;

-- title: of two columns, where neither is NULL
-- dataset: hospital
SELECT gender, COUNT(DISTINCT diag_1, payer_code) AS pairs FROM encounters GROUP BY gender;

-- title: of the unit together with another column
-- dataset: hospital
SELECT COUNT(DISTINCT (patient_nbr, age)) AS pairs FROM encounters;

-- title: of two columns together, of part of the rows
-- dataset: retail
SELECT COUNT(DISTINCT (stock_code, unit_price)) FILTER (WHERE quantity > 0) AS prices FROM lines;
