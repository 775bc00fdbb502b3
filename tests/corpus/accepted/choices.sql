-- Lists, rows, NULL and boolean tests.

-- title: lists in arrays
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE diag_1 = ANY (ARRAY['250', '401']) AND time_in_hospital > ALL (ARRAY[1, 2])
  AND diag_2 <> ALL (ARRAY['427', '428']) AND num_procedures < ANY (ARRAY[2, 4]);

-- title: rows compared
-- dataset: hospital
-- plain: SELECT COUNT(*) AS n FROM encounters WHERE (gender = 'Female' AND race = 'Asian') OR (gender = 'Male' AND age IN ('[0-10)', '[10-20)')) OR time_in_hospital > 3 OR (time_in_hospital = 3 AND num_procedures >= 2) OR diag_1 <> '250' OR diag_2 <> '401'
SELECT COUNT(*) AS n FROM encounters
WHERE (gender, race) = ('Female', 'Asian') OR (gender, age) IN (('Male', '[0-10)'), ('Male', '[10-20)'))
   OR (time_in_hospital, num_procedures) >= (3, 2) OR ROW(diag_1, diag_2) <> ROW('250', '401');

-- title: between ends in any order
-- dataset: hospital
SELECT COUNT(*) AS n, SUM(time_in_hospital) AS days FROM encounters
WHERE time_in_hospital BETWEEN SYMMETRIC 9 AND 3
  AND num_procedures NOT BETWEEN SYMMETRIC num_medications AND 2;

-- title: how many are missing
-- dataset: hospital
-- plain: SELECT (diag_1 IS NULL)::INT + (diag_2 IS NULL)::INT + (race IS NULL)::INT AS missing, COUNT(*) AS n FROM encounters WHERE diag_1 IS NOT NULL OR diag_2 IS NOT NULL GROUP BY missing
SELECT num_nulls(diag_1, diag_2, race) AS missing, COUNT(*) AS n FROM encounters
WHERE num_nonnulls(diag_1, diag_2) > 0 GROUP BY missing;

-- title: NULL among values
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE race IN ('Asian', NULL) OR coalesce(NULL, race) = 'Other' OR nullif(race, NULL) IS NULL
   OR race IS NOT DISTINCT FROM NULL;

-- title: tests of truth
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE (race = 'Asian') IS UNKNOWN OR (race = 'Other') IS NOT TRUE AND (gender = 'Male') IS NOT UNKNOWN
   OR (time_in_hospital > 3) IS FALSE;

-- title: casts between types
-- dataset: hospital
-- plain: SELECT COUNT(*) AS n FROM encounters WHERE CASE WHEN regexp_full_match(diag_1, '[0-9]+') THEN diag_1::INT END > 250 OR TRY_CAST(diag_1 AS DECIMAL(10, 2)) = 250.01 OR num_procedures <> 0 OR time_in_hospital > 3 OR age[1] <> '[' OR num_procedures = 3
SELECT COUNT(*) AS n FROM encounters
WHERE diag_1::integer > 250 OR diag_1::numeric(10, 2) = 250.01 OR num_procedures::boolean
   OR (time_in_hospital > 3)::int = 1 OR left(age, 1)::text <> '[' OR num_procedures::text = '3';

-- title: casts of moments
-- dataset: retail
-- plain: SELECT COUNT(*) AS n FROM lines WHERE invoice_at < '2011-05-01' AND country IS NOT NULL AND invoice_at::DATE > '2011-01-01'
SELECT COUNT(*) AS n FROM lines
WHERE invoice_at::text < '2011-05' AND country::timestamp IS NULL AND DATE(invoice_at) > '2011-01-01'
  AND invoice_at::timestamptz < '2011-12-01 00:00:00+00';

-- title: quoted with dollars
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE gender = $$Male$$ OR race = $x$Asian$x$;
