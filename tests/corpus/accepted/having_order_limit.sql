-- HAVING, ORDER BY, LIMIT and OFFSET work on the noisy results and are free.

-- title: large groups only
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age HAVING COUNT(*) > 5000;

-- title: HAVING on another aggregate
-- dataset: hospital
SELECT age FROM encounters GROUP BY age HAVING AVG(time_in_hospital) > 4.5 AND COUNT(*) > 100;

-- title: HAVING without GROUP BY
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters HAVING COUNT(*) > 10;

-- title: by an alias, descending
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age ORDER BY n DESC;

-- title: by position
-- dataset: hospital
SELECT gender, COUNT(*) FROM encounters GROUP BY gender ORDER BY 2 DESC, 1;

-- title: by an aggregate that is not shown
-- dataset: hospital
SELECT age FROM encounters GROUP BY age ORDER BY SUM(num_medications) DESC;

-- title: by an expression of aggregates
-- dataset: hospital
SELECT age, COUNT(*) AS n, SUM(num_procedures) AS p FROM encounters
GROUP BY age ORDER BY SUM(num_procedures)::float / COUNT(*) DESC;

-- title: NULL first
-- dataset: hospital
SELECT race, COUNT(*) AS n FROM encounters GROUP BY race ORDER BY race NULLS FIRST;

-- title: NULL comes last, as in PostgreSQL
-- dataset: hospital
SELECT race, COUNT(*) AS n FROM encounters GROUP BY race ORDER BY race;

-- title: NULL comes first in descending order, as in PostgreSQL
-- dataset: hospital
SELECT race, COUNT(*) AS n FROM encounters GROUP BY race ORDER BY race DESC;

-- title: the first rows
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age ORDER BY n DESC LIMIT 3;

-- title: LIMIT and OFFSET
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age ORDER BY age LIMIT 3 OFFSET 2;

-- title: FETCH FIRST
-- dataset: retail
SELECT country, COUNT(*) AS n FROM lines GROUP BY country ORDER BY n DESC, country FETCH FIRST 5 ROWS ONLY;

-- title: distinct results
-- dataset: hospital
SELECT DISTINCT COUNT(*) > 1000 AS large FROM encounters GROUP BY age ORDER BY large;
