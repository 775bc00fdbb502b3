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
