-- BOOL_OR, BOOL_AND and EVERY: whether more rows are true, or false, than noise explains.

-- title: whether any row is
-- dataset: hospital
SELECT BOOL_OR(num_procedures > 5) AS some_had_six FROM encounters;

-- title: whether all rows are
-- dataset: hospital
SELECT BOOL_AND(time_in_hospital >= 1) AS a, EVERY(gender = 'Female') AS b FROM encounters;

-- title: per group, beside the count that it is made of
-- dataset: hospital
SELECT insulin, BOOL_OR(readmitted = '<30') AS back_soon, COUNT(*) FILTER (WHERE readmitted = '<30') AS n
FROM encounters GROUP BY insulin;

-- title: of part of the rows
-- dataset: retail
SELECT BOOL_OR(quantity < 0) FILTER (WHERE unit_price > 1) AS returned FROM lines;

-- title: in totals
-- dataset: hospital
SELECT insulin, BOOL_OR(num_procedures > 3) AS many FROM encounters GROUP BY ROLLUP (insulin);

-- title: as a condition on groups
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters WHERE age <> '[0-10)'
GROUP BY age HAVING BOOL_OR(num_procedures > 4);

-- title: combined with another
-- dataset: hospital
SELECT BOOL_OR(num_procedures > 5) AND NOT BOOL_AND(num_procedures > 2) AS mixed FROM encounters;
