-- title: the ends of a range filter are the declared bounds, free
-- dataset: hospital
SELECT MIN(time_in_hospital) AS low, MAX(time_in_hospital) AS high FROM encounters;

-- title: a probe for the types of rows reads none
-- dataset: hospital
SELECT * FROM encounters WHERE 1 = 0;

-- title: a probe for the types of a result
-- dataset: hospital
SELECT * FROM (SELECT age, COUNT(*) AS stays FROM encounters GROUP BY age) AS virtual_table LIMIT 0;

-- title: a probe that takes no row of a table
-- dataset: hospital
SELECT * FROM encounters LIMIT 0;

-- title: a probe of a wrapped table, ordered and limited
-- dataset: hospital
SELECT * FROM (SELECT age, gender FROM encounters ORDER BY age LIMIT 100) AS virtual_table
WHERE 1 = 0 ORDER BY gender LIMIT 1001;
