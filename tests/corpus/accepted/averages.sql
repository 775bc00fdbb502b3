-- An average is a noisy sum over a noisy count. COUNT, SUM and AVG of one column cost two numbers.

-- title: an average
-- dataset: hospital
SELECT AVG(time_in_hospital) AS days FROM encounters;

-- title: an average per group
-- dataset: hospital
SELECT age, AVG(num_medications) AS medications FROM encounters GROUP BY age;

-- title: average, sum and count agree and cost two measures
-- dataset: hospital
SELECT AVG(time_in_hospital) AS days, SUM(time_in_hospital) AS total, COUNT(*) AS stays
FROM encounters;

-- title: an average over part of the rows
-- dataset: hospital
SELECT AVG(time_in_hospital) FILTER (WHERE gender = 'Male') AS men,
       AVG(CASE WHEN gender = 'Female' THEN time_in_hospital END) AS women
FROM encounters;

-- title: a ratio of sums is post-processing
-- dataset: hospital
SELECT age, SUM(num_lab_procedures)::float / SUM(time_in_hospital) AS per_day
FROM encounters WHERE age <> '[0-10)' GROUP BY age;

-- title: a share
-- dataset: hospital
SELECT 100.0 * SUM(CASE WHEN readmitted = 'NO' THEN 1 ELSE 0 END) / COUNT(*) AS percent
FROM encounters;

-- title: an average of an expression
-- dataset: retail
SELECT AVG(quantity * unit_price) AS value FROM lines;

-- title: an average of a fraction per year
-- dataset: retail
SELECT date_part('year', invoice_at) AS year, AVG(unit_price) AS price
FROM lines WHERE invoice_at >= '2010-12-01' AND invoice_at < '2012-01-01' GROUP BY 1;

-- title: an average rounded in the answer
-- dataset: hospital
SELECT gender, ROUND(AVG(number_diagnoses), 1) AS diagnoses
FROM encounters WHERE gender IN ('Female', 'Male') GROUP BY gender;
