-- Questions about public tables alone are answered exactly, and free.

-- title: every row
-- dataset: hospital
SELECT * FROM admission_types ORDER BY admission_type_id;

-- title: a choice of rows
-- dataset: hospital
SELECT description FROM discharge_dispositions WHERE description LIKE '%hospice%' ORDER BY 1;

-- title: exact aggregates
-- dataset: hospital
SELECT COUNT(*) AS types, MAX(admission_type_id) AS last, MIN(description) AS first FROM admission_types;

-- title: a join of public tables
-- dataset: hospital
SELECT t.description AS type, s.description AS source
FROM admission_types t JOIN admission_sources s ON t.admission_type_id = s.admission_source_id
ORDER BY t.admission_type_id;

-- title: windows and common table expressions
-- dataset: hospital
WITH numbered AS (
  SELECT description, ROW_NUMBER() OVER (ORDER BY description) AS place FROM admission_sources)
SELECT place, description FROM numbered WHERE place <= 3 ORDER BY place;

-- title: a constant
-- dataset: hospital
SELECT 1 AS one, 'a' AS letter, 7 / 2 AS three;

-- title: sub-queries among public tables
-- dataset: hospital
SELECT description FROM admission_types
WHERE admission_type_id IN (SELECT admission_source_id FROM admission_sources WHERE admission_source_id < 3)
ORDER BY description;
