-- Windows over the noisy groups are post-processing. Windows over rows of individuals are refused.

-- title: shares of the whole
-- dataset: hospital
SELECT age, COUNT(*) AS n, 1.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS share
FROM encounters GROUP BY age ORDER BY age;

-- title: ranks
-- dataset: hospital
SELECT age, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) AS place
FROM encounters GROUP BY age ORDER BY place;

-- title: running totals
-- dataset: retail
SELECT month, n, SUM(n) OVER (ORDER BY month) AS so_far
FROM (SELECT date_trunc('month', invoice_at) AS month, COUNT(*) AS n FROM lines GROUP BY 1) m
ORDER BY month;

-- title: change from the month before
-- dataset: retail
SELECT date_trunc('month', invoice_at) AS month, SUM(quantity) AS units,
       SUM(quantity) - LAG(SUM(quantity)) OVER (ORDER BY date_trunc('month', invoice_at)) AS change
FROM lines GROUP BY 1 ORDER BY 1;

-- title: the largest group of each part
-- dataset: hospital
SELECT gender, age, n FROM (
  SELECT gender, age, COUNT(*) AS n,
         ROW_NUMBER() OVER (PARTITION BY gender ORDER BY COUNT(*) DESC, age) AS place
  FROM encounters WHERE gender IN ('Female', 'Male') GROUP BY gender, age
) ranked WHERE place = 1 ORDER BY gender;

-- title: a named window
-- dataset: hospital
SELECT age, COUNT(*) AS n, SUM(COUNT(*)) OVER w AS so_far
FROM encounters GROUP BY age WINDOW w AS (ORDER BY age) ORDER BY age;
