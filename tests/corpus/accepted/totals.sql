-- ROLLUP, CUBE and GROUPING SETS: the finest groups are released once, and totals are their sums.

-- title: a total below the groups
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY ROLLUP (age);

-- title: totals at each level
-- dataset: hospital
SELECT age, gender, COUNT(*) AS n, SUM(time_in_hospital) AS days
FROM encounters WHERE gender IN ('Female', 'Male') GROUP BY ROLLUP (age, gender);

-- title: totals both ways
-- dataset: hospital
SELECT insulin, readmitted, COUNT(*) AS n FROM encounters GROUP BY CUBE (insulin, readmitted);

-- title: chosen totals
-- dataset: hospital
SELECT age, readmitted, COUNT(*) AS n FROM encounters
WHERE age <> '[0-10)'
GROUP BY GROUPING SETS ((age), (readmitted), ());

-- title: which rows are totals
-- dataset: hospital
SELECT insulin, GROUPING(insulin) AS is_total, COUNT(*) AS n
FROM encounters GROUP BY ROLLUP (insulin) ORDER BY is_total, insulin;

-- title: a plain key beside a rollup
-- dataset: hospital
SELECT gender, insulin, COUNT(*) AS n FROM encounters
WHERE gender IN ('Female', 'Male') GROUP BY gender, ROLLUP (insulin);

-- title: averages of totals
-- dataset: hospital
SELECT readmitted, AVG(time_in_hospital) AS days FROM encounters GROUP BY ROLLUP (readmitted);

-- title: a condition on totals
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY ROLLUP (age) HAVING COUNT(*) > 20000;

-- title: totals over a computed key
-- dataset: retail
SELECT date_trunc('quarter', invoice_at) AS quarter, COUNT(*) AS lines, SUM(quantity) AS units
FROM lines GROUP BY ROLLUP (1);

-- title: totals of what is counted per owner
-- dataset: hospital
SELECT stays, COUNT(*) AS patients
FROM (SELECT patient_nbr, COUNT(*) AS stays FROM encounters GROUP BY patient_nbr) t
WHERE stays <= 3
GROUP BY ROLLUP (stays);

-- title: a key that stands in several sets
-- dataset: hospital
SELECT insulin, readmitted, COUNT(*) AS n FROM encounters
GROUP BY GROUPING SETS ((insulin), (insulin, readmitted), (readmitted));

-- title: owners and distinct values, which do not add up, each level on its own
-- dataset: hospital
SELECT insulin, COUNT(DISTINCT patient_nbr) AS patients, COUNT(DISTINCT diag_1) AS diagnoses
FROM encounters GROUP BY ROLLUP (insulin);

-- title: totals of many groups, released on their own
-- dataset: retail
SELECT country, COUNT(*) AS lines, SUM(quantity) AS units, AVG(unit_price) AS price
FROM lines GROUP BY ROLLUP (country);

-- title: totals of private groups, which hold the withheld ones
-- dataset: hospital
SELECT medical_specialty, COUNT(*) AS n, GROUPING(medical_specialty) AS is_total
FROM encounters GROUP BY ROLLUP (medical_specialty)
HAVING COUNT(*) > 100 ORDER BY is_total DESC, medical_specialty;

-- title: levels on their own both ways, with shares of the total
-- dataset: hospital
SELECT age, race, GROUPING(age, race) AS level, COUNT(*) AS n,
       100.0 * COUNT(*) / MAX(COUNT(*)) OVER () AS percent
FROM encounters WHERE race IN ('Asian', 'Hispanic', 'Caucasian') GROUP BY CUBE (age, race);

-- title: keys that only come together
-- dataset: hospital
SELECT age, gender, insulin, COUNT(*) AS n FROM encounters WHERE gender IN ('Female', 'Male')
GROUP BY ROLLUP ((age, gender), insulin);

-- title: a key beside sets, and the intervals of all levels
-- dataset: hospital
SELECT readmitted, age, COUNT(*) AS n, noise_low(n) AS low
FROM encounters WHERE age <> '[0-10)' GROUP BY readmitted, GROUPING SETS ((age), ());

-- title: medians of many groups, each level with a histogram of its own
-- dataset: hospital
SELECT age, race, readmitted, MEDIAN(num_medications) AS medications, COUNT(*) AS n
FROM encounters WHERE age IN ('[50-60)', '[60-70)', '[70-80)', '[80-90)', '[40-50)')
GROUP BY ROLLUP (age, (race, readmitted));
