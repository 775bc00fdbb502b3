-- Joins with public tables. A row's owner stays; the public table's columns are public domains.

-- title: the description of a code
-- dataset: hospital
SELECT t.description, COUNT(*) AS n
FROM encounters e JOIN admission_types t ON e.admission_type_id = t.admission_type_id
GROUP BY t.description;

-- title: USING
-- dataset: hospital
SELECT description, COUNT(*) AS n
FROM encounters JOIN admission_types USING (admission_type_id) GROUP BY description;

-- title: NATURAL JOIN
-- dataset: hospital
SELECT admission_type_id, COUNT(*) AS n
FROM encounters NATURAL JOIN admission_types GROUP BY admission_type_id;

-- title: tables separated by commas
-- dataset: hospital
SELECT t.description, AVG(e.time_in_hospital) AS days
FROM encounters e, admission_types t
WHERE e.admission_type_id = t.admission_type_id GROUP BY t.description;

-- title: an outer join keeps the protected rows
-- dataset: hospital
SELECT d.description, COUNT(*) AS n
FROM encounters e LEFT JOIN discharge_dispositions d
  ON e.discharge_disposition_id = d.discharge_disposition_id AND d.description LIKE '%home%'
GROUP BY d.description;

-- title: the protected table on the right, kept by RIGHT JOIN
-- dataset: hospital
SELECT s.description, COUNT(*) AS n
FROM admission_sources s RIGHT JOIN encounters e ON s.admission_source_id = e.admission_source_id
GROUP BY s.description;

-- title: three tables
-- dataset: hospital
SELECT t.description AS type, s.description AS source, COUNT(*) AS n
FROM encounters e
JOIN admission_types t ON t.admission_type_id = e.admission_type_id
JOIN admission_sources s ON s.admission_source_id = e.admission_source_id
WHERE t.description IN ('Emergency', 'Urgent') AND s.description LIKE '%Referral%'
GROUP BY t.description, s.description;

-- title: a condition on the public table
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters e
JOIN discharge_dispositions d ON d.discharge_disposition_id = e.discharge_disposition_id
WHERE d.description ILIKE '%expired%';

-- title: a join that multiplies rows is bounded by weights
-- dataset: hospital
SELECT t.admission_type_id, COUNT(*) AS n
FROM encounters e JOIN admission_types t ON e.admission_type_id <= t.admission_type_id
GROUP BY t.admission_type_id;

-- title: a cross join
-- dataset: hospital
SELECT t.description, COUNT(*) AS n FROM encounters CROSS JOIN admission_types t GROUP BY t.description;

-- title: a filtered sub-select of a public table
-- dataset: hospital
SELECT s.description, COUNT(*) AS n
FROM encounters e
JOIN (SELECT admission_type_id AS id, upper(description) AS description
      FROM admission_types WHERE admission_type_id < 4) s ON s.id = e.admission_type_id
GROUP BY s.description;

-- title: results joined with a public table
-- dataset: hospital
SELECT t.description, r.n
FROM (SELECT admission_type_id, COUNT(*) AS n FROM encounters GROUP BY admission_type_id) r
JOIN admission_types t ON t.admission_type_id = r.admission_type_id
ORDER BY t.description;
