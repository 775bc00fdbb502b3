-- Results that rows are joined to or tested against: released first, then a small public table.

-- title: the series limit of a chart
-- dataset: retail
SELECT DATE_TRUNC('month', invoice_at) AS month, country, SUM(quantity) AS items
FROM lines
JOIN (SELECT country AS country__, SUM(quantity) AS mme_inner__ FROM lines
      GROUP BY country ORDER BY mme_inner__ DESC LIMIT 3) AS series_limit ON country = country__
GROUP BY DATE_TRUNC('month', invoice_at), country ORDER BY items DESC LIMIT 1000;

-- title: only the large groups
-- dataset: hospital
SELECT age, AVG(time_in_hospital) AS days FROM encounters
WHERE age IN (SELECT age FROM encounters GROUP BY age HAVING COUNT(*) > 9000)
GROUP BY age;

-- title: all but the largest groups
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters
WHERE age NOT IN (SELECT age FROM encounters GROUP BY age ORDER BY COUNT(*) DESC LIMIT 2)
GROUP BY age;

-- title: a common table expression joined to rows
-- dataset: hospital
WITH top AS (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age ORDER BY n DESC LIMIT 2)
SELECT e.age, e.gender, COUNT(*) AS n FROM encounters e JOIN top ON e.age = top.age
GROUP BY e.age, e.gender;

-- title: against the average of the row's own group
-- dataset: hospital
SELECT gender, SUM(CASE WHEN time_in_hospital > t.mean THEN 1 ELSE 0 END) AS longer
FROM encounters e
LEFT JOIN (SELECT age, AVG(time_in_hospital) AS mean FROM encounters GROUP BY age) t
  ON t.age = e.age
GROUP BY gender;

-- title: one released number for all rows
-- dataset: hospital
SELECT gender, COUNT(*) AS n
FROM encounters, (SELECT AVG(time_in_hospital) AS mean FROM encounters) t
WHERE time_in_hospital > t.mean GROUP BY gender;

-- title: all others as one group
-- dataset: retail
SELECT CASE WHEN country IN (SELECT country FROM lines GROUP BY country
                             ORDER BY COUNT(*) DESC LIMIT 2)
            THEN country ELSE 'Others' END AS place, COUNT(*) AS lines
FROM lines WHERE country IN ('France', 'Germany', 'United Kingdom', 'EIRE') GROUP BY 1;

-- title: whether any group is large
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE EXISTS (SELECT age FROM encounters GROUP BY age HAVING COUNT(*) > 9000);

-- title: values of a public domain
-- dataset: hospital
SELECT gender, COUNT(*) AS n FROM encounters
JOIN (SELECT DISTINCT age FROM encounters) d USING (age) GROUP BY gender;

-- title: constants as a table
-- dataset: hospital
SELECT gender, COUNT(*) AS n
FROM encounters e JOIN (VALUES ('[70-80)', 75), ('[80-90)', 85)) AS v(age, years) ON e.age = v.age
WHERE v.years > 80 GROUP BY gender;

-- title: constants in EXISTS
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE EXISTS (SELECT 1 FROM (VALUES (1), (2)) v(x) WHERE v.x = num_procedures);

-- title: a union of constants
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE num_procedures IN (SELECT 1 UNION SELECT 2);

-- title: the first of a public table
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE admission_type_id IN (SELECT admission_type_id FROM admission_types ORDER BY description LIMIT 2);

-- title: groups of a public table
-- dataset: hospital
SELECT gender, COUNT(*) AS n FROM encounters
JOIN (SELECT admission_type_id, COUNT(*) AS same FROM admission_types GROUP BY 1) t
  USING (admission_type_id)
WHERE t.same = 1 GROUP BY gender;

-- title: two results of which one reads the other
-- dataset: hospital
WITH large AS (SELECT age FROM encounters GROUP BY age HAVING COUNT(*) > 9000),
     women AS (SELECT age, COUNT(*) AS n FROM encounters JOIN large USING (age)
               WHERE gender = 'Female' GROUP BY age)
SELECT e.gender, COUNT(*) AS n FROM encounters e JOIN women w ON e.age = w.age AND w.n > 100
GROUP BY e.gender;

-- title: joined with the counts of all
-- dataset: hospital
SELECT e.gender, COUNT(*) AS n
FROM encounters e
JOIN (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) r ON r.age = e.age AND r.n > 900
GROUP BY e.gender;

-- title: one number of a public table
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters e
JOIN (SELECT COUNT(*) AS n FROM admission_types) t ON t.n > e.time_in_hospital;

-- title: frequent values of a private column
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE diag_1 IN (SELECT diag_1 FROM encounters GROUP BY diag_1 HAVING COUNT(*) > 100);

-- title: each row twice
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters, (VALUES (1), (2)) AS v (x);

-- title: the series limit, as people write it
-- dataset: retail
SELECT date_trunc('month', invoice_at) AS month, l.country, SUM(quantity) AS units
FROM lines l
JOIN (SELECT country, SUM(quantity) AS units FROM lines
      GROUP BY country ORDER BY units DESC LIMIT 3) AS top ON top.country = l.country
GROUP BY 1, 2 ORDER BY 3 DESC;

-- title: constants with more than one column
-- dataset: hospital
SELECT e.age, COUNT(*) AS n
FROM encounters e JOIN (VALUES ('[70-80)', 75), ('[80-90)', 85)) AS v(age, middle) ON v.age = e.age
WHERE v.middle > 80 GROUP BY e.age;

-- title: grouped by the result's own column
-- dataset: retail
SELECT top.country, COUNT(DISTINCT l.customer_id) AS customers
FROM lines l
JOIN (SELECT country FROM lines GROUP BY country ORDER BY COUNT(*) DESC LIMIT 3) AS top
  ON top.country = l.country
GROUP BY top.country;
