-- title: an average
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(time_in_hospital), L2 sensitivity 524288, one is 1/65536
--   m1: AVG(time_in_hospital), L2 sensitivity 3.67002e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: days double precision noisy
SELECT (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "days" FROM "noisy_1" AS "noisy_1";

-- title: an average per group
-- release noisy_1: k0 text; public groups: 10
--   m0: AVG(num_medications), L2 sensitivity 741455, one is 1/65536
--   m1: AVG(num_medications), L2 sensitivity 3.03997e+07, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, CAST(CASE WHEN t1."num_medications" IS NOT NULL THEN LEAST(GREATEST(t1."num_medications", 0), 81) END AS BIGINT) - (40) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, medications double precision noisy
SELECT "noisy_1"."k0" AS "age", (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 40) AS DOUBLE), 0.0), 81.0)) AS "medications" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: average, sum and count agree and cost two measures
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(time_in_hospital), L2 sensitivity 524288, one is 1/65536
--   m1: AVG(time_in_hospital), L2 sensitivity 3.67002e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: days double precision noisy, total bigint noisy, stays bigint noisy released
SELECT (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "days", (CAST(ROUND((CAST(("noisy_1"."m1" + 7 * "noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "total", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: an average over part of the rows
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(CASE WHEN gender = 'Female' THEN time_in_hospital END), L2 sensitivity 524288, one is 1/65536
--   m1: AVG(time_in_hospital) FILTER(WHERE gender = 'Male'), L2 sensitivity 524288, one is 1/65536
--   m2: AVG(CASE WHEN gender = 'Female' THEN time_in_hospital END), L2 sensitivity 3.67002e+06, one is 1/65536
--   m3: AVG(time_in_hospital) FILTER(WHERE gender = 'Male'), L2 sensitivity 3.67002e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (t1."gender" = 'Female') AS x_m0, (t1."gender" = 'Male') AS x_m1, CAST(CASE WHEN (CASE WHEN (t1."gender" = 'Female') THEN t1."time_in_hospital" ELSE CAST(NULL AS BIGINT) END) IS NOT NULL THEN LEAST(GREATEST((CASE WHEN (t1."gender" = 'Female') THEN t1."time_in_hospital" ELSE CAST(NULL AS BIGINT) END), 1), 14) END AS BIGINT) - (7) AS x_m2, CAST(CASE WHEN (CASE WHEN (t1."gender" = 'Male') THEN t1."time_in_hospital" ELSE CAST(NULL AS BIGINT) END) IS NOT NULL THEN LEAST(GREATEST((CASE WHEN (t1."gender" = 'Male') THEN t1."time_in_hospital" ELSE CAST(NULL AS BIGINT) END), 1), 14) END AS BIGINT) - (7) AS x_m3 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(CASE WHEN rows.x_m0 THEN COALESCE(weights.w, 65536) END), 0) AS m0, COALESCE(SUM(CASE WHEN rows.x_m1 THEN COALESCE(weights.w, 65536) END), 0) AS m1, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m2), 0) AS m2, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m3), 0) AS m3 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: men double precision noisy, women double precision noisy
SELECT (LEAST(GREATEST(CAST((("noisy_1"."m3" / NULLIF(CAST(GREATEST("noisy_1"."m1", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "men", (LEAST(GREATEST(CAST((("noisy_1"."m2" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "women" FROM "noisy_1" AS "noisy_1";

-- title: a ratio of sums is post-processing
-- release noisy_1: k0 text; public groups: 9
--   m0: SUM(num_lab_procedures), L2 sensitivity 9.78721e+07, one is 1/65536
--   m1: SUM(time_in_hospital), L2 sensitivity 1.03804e+07, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, CAST(CASE WHEN t1."num_lab_procedures" IS NOT NULL THEN LEAST(GREATEST(t1."num_lab_procedures", 0), 132) END AS BIGINT) AS x_m0, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) AS x_m1 FROM "encounters" AS t1 WHERE (t1."age" <> '[0-10)') AND t1."patient_nbr" IS NOT NULL AND (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, per_day double precision noisy
SELECT "noisy_1"."k0" AS "age", CAST((CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS DOUBLE) / NULLIF((CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)), 0) AS "per_day" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a share
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(CASE WHEN readmitted = 'NO' THEN 1 ELSE 0 END), L2 sensitivity 524288, one is 1/65536
--   m1: SUM(CASE WHEN readmitted = 'NO' THEN 1 ELSE 0 END), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN (CASE WHEN (t1."readmitted" = 'NO') THEN 1 ELSE 0 END) IS NOT NULL THEN LEAST(GREATEST((CASE WHEN (t1."readmitted" = 'NO') THEN 1 ELSE 0 END), 0), 1) END AS BIGINT) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: percent double precision noisy
SELECT 100.0 * (CAST(ROUND((CAST(("noisy_1"."m1" + 0 * "noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) / NULLIF((CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)), 0) AS "percent" FROM "noisy_1" AS "noisy_1";

-- title: an average of an expression
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(quantity * unit_price), L2 sensitivity 2.62144e+07, one is 1/65536
--   m1: AVG(quantity * unit_price), L2 sensitivity 2.62144e+13, one is 1/6553600
WITH rows AS (SELECT t1."customer_id" AS u, ((CAST(t1."quantity" AS DOUBLE) * t1."unit_price") IS NOT NULL) AS x_m0, CAST(CASE WHEN isfinite(CAST((CAST(t1."quantity" AS DOUBLE) * t1."unit_price") AS DOUBLE)) THEN LEAST(GREATEST(CAST(ROUND(LEAST(GREATEST((CAST((CAST(t1."quantity" AS DOUBLE) * t1."unit_price") AS DOUBLE) * CAST(100.0 AS DOUBLE)), CAST(-1000000.0 AS DOUBLE)), CAST(1000000.0 AS DOUBLE))) AS BIGINT), -1000000), 1000000) END AS BIGINT) AS x_m1 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(CASE WHEN rows.x_m0 THEN COALESCE(weights.w, 65536) END), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: value double precision noisy
SELECT (LEAST(GREATEST((CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 0) AS DOUBLE) / 100.0), -10000.0), 10000.0)) AS "value" FROM "noisy_1" AS "noisy_1";

-- title: an average of a fraction per year
-- release noisy_1: k0 bigint; public groups: 2
--   m0: AVG(unit_price), L2 sensitivity 3.70728e+07, one is 1/65536
--   m1: AVG(unit_price), L2 sensitivity 3.70728e+10, one is 1/6553600
WITH rows AS (SELECT t1."customer_id" AS u, TRY(date_part('year', t1."invoice_at")) AS k0, CAST(CASE WHEN isfinite(CAST(t1."unit_price" AS DOUBLE)) THEN LEAST(GREATEST(CAST(ROUND(LEAST(GREATEST((CAST(t1."unit_price" AS DOUBLE) * CAST(100.0 AS DOUBLE)), CAST(0.0 AS DOUBLE)), CAST(2000.0 AS DOUBLE))) AS BIGINT), 0), 2000) END AS BIGINT) - (1000) AS x_m1 FROM "lines" AS t1 WHERE (t1."invoice_at" >= TIMESTAMP '2010-12-01 00:00:00') AND (t1."invoice_at" < TIMESTAMP '2012-01-01 00:00:00') AND t1."customer_id" IS NOT NULL AND (TRY(date_part('year', t1."invoice_at")) BETWEEN 2010 AND 2011)), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 565), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 320000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(320000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: year bigint, price double precision noisy
SELECT "noisy_1"."k0" AS "year", (LEAST(GREATEST((CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 1000) AS DOUBLE) / 100.0), 0.0), 20.0)) AS "price" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: an average rounded in the answer
-- release noisy_1: k0 text; public groups: 2
--   m0: AVG(number_diagnoses), L2 sensitivity 741455, one is 1/65536
--   m1: AVG(number_diagnoses), L2 sensitivity 5.93164e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."gender" AS k0, CAST(CASE WHEN t1."number_diagnoses" IS NOT NULL THEN LEAST(GREATEST(t1."number_diagnoses", 1), 16) END AS BIGINT) - (8) AS x_m1 FROM "encounters" AS t1 WHERE (t1."gender" IN ('Female', 'Male')) AND t1."patient_nbr" IS NOT NULL AND (t1."gender" IN ('Female', 'Male'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: gender text, diagnoses double precision noisy
SELECT "noisy_1"."k0" AS "gender", ROUND((LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 8) AS DOUBLE), 1.0), 16.0)), 1) AS "diagnoses" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";
