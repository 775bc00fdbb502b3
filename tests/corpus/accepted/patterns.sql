-- Patterns are constants, read when the question is planned, so that none fails on a row.

-- title: LIKE with an escape
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE diag_1 LIKE '25!%' ESCAPE '!' OR diag_1 NOT LIKE '2#_%' ESCAPE '#' OR diag_1 LIKE '2\5';

-- title: one of several patterns
-- dataset: hospital
-- plain: SELECT COUNT(*) AS n FROM encounters WHERE (diag_1 LIKE '25%' OR diag_1 LIKE 'V%') AND diag_2 NOT ILIKE 'e%'
SELECT COUNT(*) AS n FROM encounters
WHERE diag_1 LIKE ANY (ARRAY['25%', 'V%']) AND diag_2 NOT ILIKE 'e%';

-- title: a regular expression as a group
-- dataset: hospital
SELECT diag_1 ~ '^25[0-9]' AS diabetes, COUNT(*) AS n FROM encounters GROUP BY diabetes;

-- title: regular expressions
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE diag_1 ~ '^(250|V\d+)(\.\d{1,2})?$' AND diag_2 !~ '^E' AND diag_2 ~* '^v|[5-9]$'
  AND diag_1 !~* 'x' AND regexp_like(diag_1, '[[:digit:]]+');

-- title: SIMILAR TO
-- dataset: hospital
-- plain: SELECT COUNT(*) AS n FROM encounters WHERE (diag_1 LIKE '25_' OR diag_1 LIKE 'V%' OR diag_1 LIKE 'E%') AND diag_2 NOT LIKE '4%\%' ESCAPE '\'
SELECT COUNT(*) AS n FROM encounters
WHERE diag_1 SIMILAR TO '25_|(V|E)%' AND diag_2 NOT SIMILAR TO '4%#%' ESCAPE '#';

-- title: what an expression finds
-- dataset: hospital
-- plain: SELECT CASE WHEN diag_1[1] BETWEEN 'A' AND 'Z' AND diag_1[2] BETWEEN '0' AND '9' THEN diag_1[1] END AS letter, COUNT(DISTINCT patient_nbr) AS n FROM encounters WHERE regexp_matches(diag_1, '[0-9]') AND regexp_extract(diag_1, '[0-9]+') <> '250' GROUP BY letter
SELECT substring(diag_1 FROM '^([A-Z])[0-9]') AS letter, COUNT(DISTINCT patient_nbr) AS n
FROM encounters WHERE regexp_substr(diag_1, '[0-9]+') <> '250' GROUP BY letter;

-- title: what an expression replaces
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE regexp_replace(diag_1, '[^0-9]', '', 'g') = '25001'
   OR regexp_replace(diag_1, '^([A-Z])([0-9])', '\2\1') = '4V5' OR regexp_count(diag_1, '5') = 2;

-- title: a pattern as a group
-- dataset: hospital
-- plain: SELECT regexp_matches(diag_1, '^25[0-9]') AS diabetes, COUNT(*) AS n FROM encounters WHERE diag_2 NOT LIKE 'V%' AND diag_2 NOT LIKE 'E%' GROUP BY diabetes
SELECT diag_1 ~ '^25[0-9]' AS diabetes, COUNT(*) AS n FROM encounters
WHERE diag_2 NOT SIMILAR TO '(V|E)%' GROUP BY diabetes;
