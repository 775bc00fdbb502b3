-- title: the ends of a range filter are the declared bounds, free
-- dataset: hospital
SELECT MIN(time_in_hospital) AS low, MAX(time_in_hospital) AS high FROM encounters;

-- title: a probe for the types of rows reads none
-- dataset: hospital
SELECT * FROM encounters WHERE 1 = 0;

-- title: a probe for the types of a result
-- dataset: hospital
SELECT * FROM (SELECT age, COUNT(*) AS stays FROM encounters GROUP BY age) AS virtual_table LIMIT 0;
