-- noise_low and noise_high: the interval of a noisy number, as columns of the answer.

-- title: of a count
-- dataset: hospital
SELECT age, COUNT(*) AS n, noise_low(n) AS low, noise_high(n) AS high FROM encounters GROUP BY age;

-- title: of sums in pence and in whole numbers
-- dataset: retail
SELECT SUM(unit_price) AS pounds, noise_low(pounds) AS low, SUM(quantity) AS units,
       noise_high(units) AS high
FROM lines;

-- title: of an average
-- dataset: hospital
SELECT readmitted, AVG(time_in_hospital) AS days, noise_low(days) AS low, noise_high(days) AS high
FROM encounters GROUP BY readmitted;

-- title: of a share, written out
-- dataset: hospital
SELECT insulin, noise_low(1.0 * COUNT(*) FILTER (WHERE readmitted = '<30') / COUNT(*)) AS low
FROM encounters GROUP BY insulin;

-- title: of a number that is not selected
-- dataset: hospital
SELECT age, noise_high(COUNT(*)) AS high FROM encounters GROUP BY age;

-- title: where the keys are not selected
-- dataset: hospital
SELECT AVG(num_medications) AS drugs, noise_low(drugs) AS low FROM encounters GROUP BY insulin;

-- title: in a wrapped query, with a condition on an end
-- dataset: hospital
SELECT * FROM (SELECT age, COUNT(*) AS n, noise_low(n) AS low FROM encounters GROUP BY age) AS virtual_table
WHERE low > 1000 LIMIT 100;

-- title: around a wrapped query
-- dataset: hospital
SELECT age, n, noise_low(n) AS low, noise_high(days) AS high
FROM (SELECT age, COUNT(*) AS n, AVG(time_in_hospital) AS days FROM encounters GROUP BY age) t;

-- title: in ORDER BY and HAVING
-- dataset: hospital
SELECT insulin, COUNT(*) AS n FROM encounters GROUP BY insulin
HAVING noise_low(n) > 5000 ORDER BY noise_high(n) DESC;

-- title: of averages, in order of an end
-- dataset: hospital
SELECT insulin, AVG(num_medications) AS drugs FROM encounters GROUP BY insulin
ORDER BY noise_low(drugs) DESC LIMIT 3;

-- title: of totals
-- dataset: hospital
SELECT insulin, COUNT(*) AS n, noise_low(n) AS low FROM encounters GROUP BY ROLLUP (insulin);

-- title: of running totals
-- dataset: hospital
SELECT age, SUM(COUNT(*)) OVER (ORDER BY age) AS so_far, noise_high(so_far) AS high
FROM encounters GROUP BY age ORDER BY age;

-- title: of a sum of results
-- dataset: hospital
SELECT SUM(n) AS total, noise_low(total) AS low
FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t;

-- title: of what has no noise
-- dataset: hospital
SELECT age, noise_low(age) AS low, COUNT(*) AS n, noise_high(3) AS three FROM encounters GROUP BY age;

-- title: the width of an interval
-- dataset: hospital
SELECT age, noise_high(COUNT(*)) - noise_low(COUNT(*)) > 100000000 AS wide FROM encounters GROUP BY age;

-- title: in one side of a union
-- dataset: hospital
SELECT 'all' AS what, COUNT(*) AS n, noise_low(AVG(num_medications)) AS low FROM encounters
UNION ALL SELECT 'women', COUNT(*), noise_low(AVG(num_medications)) FROM encounters WHERE gender = 'Female';
