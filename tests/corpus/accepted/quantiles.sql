-- Quantiles: MEDIAN, PERCENTILE_CONT and PERCENTILE_DISC, and MIN and MAX that are no declared bounds.

-- title: the median of a column
-- dataset: hospital
SELECT MEDIAN(time_in_hospital) AS days FROM encounters;

-- title: the median by a public key
-- dataset: hospital
SELECT age, MEDIAN(num_lab_procedures) AS labs FROM encounters GROUP BY age ORDER BY age;

-- title: several fractions of one column share a histogram
-- dataset: hospital
SELECT
  PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY num_medications) AS low,
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY num_medications) AS middle,
  PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY num_medications) AS high
FROM encounters;

-- title: the distance between quartiles
-- dataset: hospital
SELECT PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY num_medications)
     - PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY num_medications) AS apart
FROM encounters;

-- title: a discrete percentile beside a count
-- dataset: hospital
SELECT readmitted, COUNT(*) AS n,
       PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY time_in_hospital) AS days
FROM encounters GROUP BY readmitted;

-- title: in descending order
-- dataset: hospital
SELECT PERCENTILE_CONT(0.1) WITHIN GROUP (ORDER BY num_medications DESC) AS a,
       PERCENTILE_DISC(0.1) WITHIN GROUP (ORDER BY num_medications DESC) AS b
FROM encounters;

-- title: with FILTER
-- dataset: hospital
SELECT MEDIAN(time_in_hospital) FILTER (WHERE change = 'Ch') AS changed,
       MEDIAN(time_in_hospital) FILTER (WHERE change = 'No') AS not_changed
FROM encounters;

-- title: of a CASE without ELSE
-- dataset: hospital
SELECT MEDIAN(CASE WHEN gender = 'Female' THEN num_medications END) AS medications FROM encounters;

-- title: of an expression
-- dataset: hospital
SELECT age, MEDIAN(num_lab_procedures + 2 * num_procedures) AS work FROM encounters GROUP BY age;

-- title: narrowed by WHERE
-- dataset: hospital
SELECT MEDIAN(num_lab_procedures) AS labs FROM encounters
WHERE num_lab_procedures BETWEEN 20 AND 60;

-- title: the largest value of a filtered table
-- dataset: hospital
SELECT MAX(time_in_hospital) AS longest FROM encounters WHERE gender = 'Male';

-- title: the smallest value of each group
-- dataset: hospital
SELECT gender, MIN(time_in_hospital) AS shortest, COUNT(*) AS n
FROM encounters WHERE gender IN ('Female', 'Male') GROUP BY gender;

-- title: the range of each group
-- dataset: hospital
SELECT readmitted, MAX(time_in_hospital) - MIN(time_in_hospital) AS days
FROM encounters GROUP BY readmitted ORDER BY readmitted;

-- title: by a private key
-- dataset: hospital
SELECT medical_specialty, MEDIAN(time_in_hospital) AS days
FROM encounters WHERE medical_specialty LIKE 'Surgery%' OR medical_specialty LIKE 'Int%'
GROUP BY medical_specialty ORDER BY medical_specialty;

-- title: by a private and a public key, beside a sum
-- dataset: hospital
SELECT payer_code, change, SUM(time_in_hospital) AS total, MEDIAN(time_in_hospital) AS middle
FROM encounters WHERE payer_code LIKE 'M%' GROUP BY payer_code, change;

-- title: above a per-owner subquery
-- dataset: hospital
SELECT MEDIAN(LEAST(days, 60)) AS days_per_patient, MAX(LEAST(stays, 5)) AS most
FROM (SELECT patient_nbr, SUM(time_in_hospital) AS days, COUNT(*) AS stays
      FROM encounters GROUP BY patient_nbr) t;

-- title: the median spend of a customer
-- dataset: retail
-- within: 10
SELECT MEDIAN(spent) AS spend
FROM (SELECT customer_id, SUM(quantity * unit_price) AS spent
      FROM lines WHERE quantity > 0 GROUP BY customer_id) t
WHERE spent BETWEEN 0 AND 20000;

-- title: of a price in pence
-- dataset: retail
SELECT MEDIAN(unit_price) AS price FROM lines WHERE unit_price <= 20;

-- title: of negative and positive numbers
-- dataset: retail
SELECT PERCENTILE_DISC(0.05) WITHIN GROUP (ORDER BY quantity) AS few,
       PERCENTILE_DISC(0.95) WITHIN GROUP (ORDER BY quantity) AS many
FROM lines;

-- title: of a moment
-- dataset: retail
-- within: 14400
SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY invoice_at) AS middle FROM lines;

-- title: the median moment, and the day it falls on
-- dataset: retail
-- within: 14400
SELECT MEDIAN(invoice_at) AS middle, COUNT(*) AS n FROM lines WHERE country = 'France';

-- title: of a fraction that is wider than a histogram's leaves
-- dataset: retail
-- within: 2.5
SELECT MEDIAN(quantity * unit_price) AS spent FROM lines WHERE quantity > 0;

-- title: in totals
-- dataset: hospital
SELECT age, change, MEDIAN(num_medications) AS medications, COUNT(*) AS n
FROM encounters WHERE age IN ('[50-60)', '[60-70)', '[70-80)') GROUP BY ROLLUP (age, change);

-- title: in grouping sets
-- dataset: hospital
SELECT readmitted, gender, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY time_in_hospital) AS days
FROM encounters WHERE gender IN ('Female', 'Male')
GROUP BY GROUPING SETS ((readmitted), (gender), ());

-- title: in HAVING and ORDER BY
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age
HAVING MEDIAN(time_in_hospital) >= 4 ORDER BY MEDIAN(num_medications) DESC, age;

-- title: one of an array of fractions
-- dataset: hospital
SELECT (PERCENTILE_CONT(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY num_medications))[3] AS high
FROM encounters;

-- title: under other names
-- dataset: hospital
SELECT QUANTILE_CONT(num_medications, 0.5) AS a, QUANTILE_DISC(num_medications, 0.9) AS b
FROM encounters;

-- title: with the fraction as a parameter
-- dataset: hospital
-- parameters: [0.8]
SELECT PERCENTILE_CONT($1) WITHIN GROUP (ORDER BY num_medications) AS p FROM encounters;

-- title: the windows of a result
-- dataset: hospital
SELECT age, MEDIAN(num_medications) AS middle,
       MEDIAN(num_medications) - AVG(MEDIAN(num_medications)) OVER () AS beside_the_rest
FROM encounters GROUP BY age ORDER BY age;

-- title: as a constant in a filter
-- dataset: hospital
SELECT COUNT(*) AS long_stays FROM encounters
WHERE time_in_hospital > (SELECT MEDIAN(time_in_hospital) FROM encounters);

-- title: joined with a public table
-- dataset: hospital
SELECT t.description, MEDIAN(e.time_in_hospital) AS days
FROM encounters e JOIN admission_types t ON e.admission_type_id = t.admission_type_id
WHERE t.admission_type_id IN (1, 2, 3)
GROUP BY t.description;
