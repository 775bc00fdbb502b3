-- Common table expressions, below the release and above it.

-- title: rows chosen first
-- dataset: hospital
WITH women AS (SELECT * FROM encounters WHERE gender = 'Female')
SELECT age, COUNT(*) AS n FROM women GROUP BY age;

-- title: results used once
-- dataset: hospital
WITH ages AS (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age)
SELECT SUM(n) AS stays, MAX(n) AS largest FROM ages;

-- title: results used twice are released once
-- dataset: hospital
WITH ages AS (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age)
SELECT a.age, a.n, 1.0 * a.n / t.total AS share
FROM ages a CROSS JOIN (SELECT SUM(n) AS total FROM ages) t ORDER BY a.age;

-- title: two releases joined
-- dataset: hospital
WITH stays AS (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age),
     soon AS (SELECT age, COUNT(*) AS n FROM encounters WHERE readmitted = '<30' GROUP BY age)
SELECT stays.age, stays.n AS stays, soon.n AS soon
FROM stays JOIN soon ON stays.age = soon.age ORDER BY stays.age;

-- title: one builds on another
-- dataset: retail
WITH sold AS (SELECT quantity * unit_price AS value, country FROM lines WHERE quantity > 0),
     british AS (SELECT value FROM sold WHERE country = 'United Kingdom')
SELECT COUNT(*) AS lines, SUM(value) AS revenue FROM british;

-- title: columns named in the WITH clause
-- dataset: hospital
WITH t (band, n) AS (SELECT age, COUNT(*) FROM encounters GROUP BY age)
SELECT band FROM t WHERE n > 10000 ORDER BY band;

-- title: what is never read costs nothing
-- dataset: hospital
WITH unused AS (SELECT diag_1, COUNT(*) AS n FROM encounters GROUP BY diag_1)
SELECT COUNT(*) AS n FROM encounters;

-- title: a result compared with a result
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age
HAVING COUNT(*) > (SELECT COUNT(*) / 10 FROM encounters) ORDER BY age;
