-- Counting rows and values. An owner's rows count with a weight where they exceed the bound.

-- title: all stays
-- dataset: hospital
SELECT COUNT(*) FROM encounters;

-- title: an alias names the answer's column
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters;

-- title: COUNT of a constant counts rows
-- dataset: hospital
SELECT COUNT(1) AS stays FROM encounters;

-- title: COUNT of a column leaves out NULL
-- dataset: hospital
SELECT COUNT(race) AS known, COUNT(*) AS stays FROM encounters;

-- title: the table's name with its schema
-- dataset: hospital
SELECT COUNT(*) AS stays FROM hospital.encounters;

-- title: the schema public stands for the dataset
-- dataset: hospital
SELECT COUNT(*) AS stays FROM public.encounters AS e;

-- title: names fold to lower case unless quoted
-- dataset: hospital
SELECT COUNT(*) AS Stays FROM Encounters E WHERE E.GENDER = 'Female';

-- title: counting with FILTER
-- dataset: hospital
SELECT COUNT(*) FILTER (WHERE readmitted = '<30') AS soon, COUNT(*) AS stays FROM encounters;

-- title: lines of invoices
-- dataset: retail
SELECT COUNT(*) AS lines FROM lines;

-- title: several counts of one table share the charge
-- dataset: retail
SELECT COUNT(*) AS lines,
       COUNT(*) FILTER (WHERE quantity < 0) AS returned,
       COUNT(CASE WHEN unit_price >= 10 THEN 1 END) AS dear
FROM lines;
