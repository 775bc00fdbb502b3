-- WHERE runs below the release, on protected rows: only total functions, and no value is shown.

-- title: equality and inequality
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE gender = 'Female' AND readmitted <> 'NO';

-- title: ranges
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE time_in_hospital BETWEEN 3 AND 7 AND num_medications >= 10 AND 40 > num_medications;

-- title: lists
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE race IN ('Asian', 'Hispanic') OR age NOT IN ('[0-10)', '[10-20)');

-- title: NULL
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE race IS NULL OR weight IS NOT NULL;

-- title: distinct from
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE race IS DISTINCT FROM 'Caucasian';

-- title: patterns
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE diag_1 LIKE '250.%' OR medical_specialty ILIKE 'cardio%';

-- title: patterns that are not met
-- dataset: retail
SELECT COUNT(*) AS n FROM lines WHERE description NOT LIKE '%HEART%' AND stock_code NOT ILIKE 'c%';

-- title: an escaped percent sign
-- dataset: retail
SELECT COUNT(*) AS n FROM lines WHERE description LIKE '%\%%';

-- title: text functions
-- dataset: retail
SELECT COUNT(*) AS n FROM lines
WHERE upper(country) = 'FRANCE' AND length(trim(description)) > 20
  AND substring(stock_code FROM 1 FOR 2) = '22' AND strpos(description, 'RED') = 0;

-- title: the start and end of a text
-- dataset: retail
SELECT COUNT(*) AS n FROM lines
WHERE left(stock_code, 1) = '8' AND right(stock_code, 1) IN ('A', 'B') AND starts_with(description, 'R');

-- title: arithmetic in a condition
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE num_medications / time_in_hospital > 5 AND num_lab_procedures % 2 = 0
  AND abs(num_procedures - 3) <= 1;

-- title: division of integers cuts towards zero
-- dataset: retail
SELECT COUNT(*) AS n FROM lines WHERE quantity / 7 = 0 AND (-quantity) / 7 = 0 AND quantity % 5 < 0;

-- title: moments in time
-- dataset: retail
SELECT COUNT(*) AS n FROM lines
WHERE invoice_at >= '2011-03-01' AND invoice_at < timestamp '2011-06-01 00:00:00';

-- title: a moment moved by an interval
-- dataset: retail
SELECT COUNT(*) AS n FROM lines
WHERE invoice_at + interval '1 month' >= date '2011-11-01' AND invoice_at < date '2011-12-01' - interval '3 days';

-- title: conditions on a part of the date
-- dataset: retail
SELECT COUNT(*) AS n FROM lines
WHERE extract(dow FROM invoice_at) IN (0, 6) OR extract(hour FROM invoice_at) < 9;

-- title: a condition that is a boolean expression
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE NOT (gender = 'Male' OR gender = 'Unknown/Invalid') IS TRUE AND (change = 'Ch') IS NOT FALSE;

-- title: CASE in a condition
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE CASE WHEN age = '[70-80)' THEN time_in_hospital > 7 ELSE time_in_hospital > 10 END;

-- title: coalesce and nullif
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE coalesce(race, 'Other') = 'Other' AND nullif(payer_code, 'MC') IS NOT NULL;

-- title: a quoted number stands for the number
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE time_in_hospital = '3';

-- title: text put together
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE gender || ' ' || age = 'Female [70-80)' AND concat(race, '!') <> '!';

-- title: mathematics
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE sqrt(num_lab_procedures) < 5 AND ln(time_in_hospital) > 1 AND power(num_procedures, 2) <= 9
  AND round(num_medications / 4.0) = 3 AND floor(number_diagnoses / 2.0) < ceil(time_in_hospital / 3.0);

-- title: nothing meets the condition
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE 1 = 0;
