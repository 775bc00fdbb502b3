-- A list of constants is a public table; its values are known, so no group of them is withheld.

-- title: a mapping to labels
-- dataset: hospital
SELECT v.label, COUNT(*) AS n
FROM encounters e
JOIN (VALUES ('[0-10)', 'young'), ('[10-20)', 'young'), ('[90-100)', 'old')) AS v(age, label)
  ON e.age = v.age
GROUP BY v.label;

-- title: as a common table expression with named columns
-- dataset: hospital
WITH v(age, label) AS (VALUES ('[0-10)', 'young'), ('[90-100)', 'old'))
SELECT v.label, AVG(time_in_hospital) AS days FROM encounters e JOIN v ON e.age = v.age
GROUP BY v.label;

-- title: what is in no line of it
-- dataset: hospital
SELECT v.label, COUNT(*) AS n
FROM encounters e LEFT JOIN (VALUES ('[0-10)', 'young'), ('[90-100)', 'old')) AS v(age, label)
  ON e.age = v.age
GROUP BY v.label;

-- title: thresholds side by side
-- dataset: hospital
SELECT v.days, COUNT(*) AS stays
FROM encounters e JOIN (VALUES (1), (2), (5)) v(days) ON e.time_in_hospital >= v.days
GROUP BY v.days;

-- title: with NULL and fractions
-- dataset: retail
SELECT v.least, COUNT(*) AS lines
FROM lines l JOIN (VALUES (0.5), (2.25), (NULL)) v(least) ON l.unit_price >= v.least
GROUP BY v.least;

-- title: a column's values through a renamed public table
-- dataset: hospital
WITH kinds(kind, label) AS (SELECT admission_type_id, description FROM admission_types)
SELECT kinds.label, COUNT(*) AS n FROM encounters e JOIN kinds ON e.admission_type_id = kinds.kind
GROUP BY kinds.label;

-- title: constants that are computed
-- dataset: hospital
SELECT e.gender, COUNT(*) AS n
FROM encounters e JOIN (VALUES (1 + 1), (3)) v(days) ON e.time_in_hospital = v.days
GROUP BY e.gender;

-- title: constants alone
-- dataset: hospital
WITH v(a) AS (VALUES (1), (2)) SELECT SUM(a) AS total FROM v;
