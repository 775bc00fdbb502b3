-- Results are combined by UNION, INTERSECT and EXCEPT; rows of individuals are not.

-- title: two counts under one another
-- dataset: hospital
SELECT 'women' AS who, COUNT(*) AS n FROM encounters WHERE gender = 'Female'
UNION ALL
SELECT 'men', COUNT(*) FROM encounters WHERE gender = 'Male';

-- title: results with a total
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age
UNION ALL SELECT 'all', COUNT(*) FROM encounters;

-- title: results without repeats
-- dataset: hospital
SELECT age FROM encounters GROUP BY age HAVING COUNT(*) > 20000
UNION SELECT age FROM encounters GROUP BY age HAVING AVG(time_in_hospital) > 4.7;

-- title: what both have
-- dataset: hospital
SELECT age FROM encounters GROUP BY age HAVING COUNT(*) > 1000
INTERSECT SELECT age FROM encounters GROUP BY age HAVING AVG(num_medications) > 16;

-- title: what the other has not
-- dataset: hospital
SELECT age FROM encounters GROUP BY age HAVING COUNT(*) > 1000
EXCEPT SELECT age FROM encounters GROUP BY age HAVING AVG(num_medications) > 16;

-- title: measures as rows
-- dataset: retail
SELECT * FROM (
  SELECT 'lines' AS what, COUNT(*)::float AS value FROM lines
  UNION ALL SELECT 'units', SUM(quantity)::float FROM lines
) AS facts ORDER BY what;

-- title: the largest and the smallest groups
-- dataset: hospital
(SELECT age, COUNT(*) AS n FROM encounters GROUP BY age ORDER BY n DESC LIMIT 2)
UNION ALL
(SELECT age, COUNT(*) AS n FROM encounters GROUP BY age ORDER BY n LIMIT 1);

-- title: parentheses decide
-- dataset: hospital
SELECT gender FROM encounters GROUP BY gender
EXCEPT (SELECT gender FROM encounters GROUP BY gender HAVING COUNT(*) < 10
        UNION SELECT gender FROM encounters GROUP BY gender HAVING COUNT(*) > 50000);
