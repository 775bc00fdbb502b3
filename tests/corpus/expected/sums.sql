-- title: a sum between declared bounds
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(time_in_hospital), L2 sensitivity 7.34003e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: days bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "days" FROM "noisy_1" AS "noisy_1";

-- title: sums of several columns
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(num_medications), L2 sensitivity 4.24673e+07, one is 1/65536
--   m1: SUM(num_procedures), L2 sensitivity 3.14573e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN t1."num_medications" IS NOT NULL THEN LEAST(GREATEST(t1."num_medications", 0), 81) END AS BIGINT) AS x_m0, CAST(CASE WHEN t1."num_procedures" IS NOT NULL THEN LEAST(GREATEST(t1."num_procedures", 0), 6) END AS BIGINT) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: medications bigint noisy released, procedures bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "medications", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "procedures" FROM "noisy_1" AS "noisy_1";

-- title: a sum of an expression, bounded by interval arithmetic
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(num_procedures * 100 + num_lab_procedures * 20), L2 sensitivity 1.69869e+09, one is 1/65536
WITH rows AS (SELECT u, CAST(CASE WHEN v_m0 IS NOT NULL THEN LEAST(GREATEST(v_m0, 0), 3240) END AS BIGINT) AS x_m0 FROM (SELECT t1."patient_nbr" AS u, TRY(TRY(t1."num_procedures" * CAST(100 AS BIGINT)) + TRY(t1."num_lab_procedures" * CAST(20 AS BIGINT))) AS v_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL) AS valued), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: price bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "price" FROM "noisy_1" AS "noisy_1";

-- title: an indicator summed
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(CASE WHEN readmitted = '<30' THEN 1 ELSE 0 END), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT u, CAST(CASE WHEN v_m0 IS NOT NULL THEN LEAST(GREATEST(v_m0, 0), 1) END AS BIGINT) AS x_m0 FROM (SELECT t1."patient_nbr" AS u, (CASE WHEN (t1."readmitted" = '<30') THEN 1 ELSE 0 END) AS v_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL) AS valued), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: soon bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "soon" FROM "noisy_1" AS "noisy_1";

-- title: a sum with FILTER
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(time_in_hospital) FILTER(WHERE insulin = 'Up'), L2 sensitivity 7.34003e+06, one is 1/65536
WITH rows AS (SELECT u, CAST(CASE WHEN v_m0 IS NOT NULL THEN LEAST(GREATEST(v_m0, 1), 14) END AS BIGINT) AS x_m0 FROM (SELECT t1."patient_nbr" AS u, (CASE WHEN (t1."insulin" = 'Up') THEN t1."time_in_hospital" ELSE CAST(NULL AS BIGINT) END) AS v_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL) AS valued), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: days bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "days" FROM "noisy_1" AS "noisy_1";

-- title: a negative sum
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(-time_in_hospital), L2 sensitivity 7.34003e+06, one is 1/65536
--   m1: SUM(5 - number_diagnoses), L2 sensitivity 5.76717e+06, one is 1/65536
WITH rows AS (SELECT u, CAST(CASE WHEN v_m0 IS NOT NULL THEN LEAST(GREATEST(v_m0, -14), -1) END AS BIGINT) AS x_m0, CAST(CASE WHEN v_m1 IS NOT NULL THEN LEAST(GREATEST(v_m1, -11), 4) END AS BIGINT) AS x_m1 FROM (SELECT t1."patient_nbr" AS u, TRY(- t1."time_in_hospital") AS v_m0, TRY(CAST(5 AS BIGINT) - t1."number_diagnoses") AS v_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL) AS valued), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: days bigint noisy released, fewer bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "days", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "fewer" FROM "noisy_1" AS "noisy_1";

-- title: a sum with its own bound on one owner's total
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(quantity), L2 sensitivity 6.5536e+08, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, CAST(CASE WHEN t1."quantity" IS NOT NULL THEN LEAST(GREATEST(t1."quantity", -500), 500) END AS BIGINT) AS x_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), cells AS (SELECT u, COUNT(*) AS n, LEAST(GREATEST(COALESCE(SUM(x_m0), 0), -10240000), 10240000) AS c_m0 FROM rows GROUP BY u), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m0 FROM cells GROUP BY u) SELECT COALESCE(SUM(CAST(owners.w_m0 AS HUGEINT) * cells.c_m0), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u;
-- answer: units bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "units" FROM "noisy_1" AS "noisy_1";

-- title: a part of a column keeps the column's bound on totals
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(CASE WHEN quantity < 0 THEN quantity ELSE 0 END), L2 sensitivity 6.5536e+08, one is 1/65536
--   m1: SUM(CASE WHEN quantity > 0 THEN quantity END), L2 sensitivity 6.5536e+08, one is 1/65536
WITH rows AS (SELECT u, CAST(CASE WHEN v_m0 IS NOT NULL THEN LEAST(GREATEST(v_m0, -500), 500) END AS BIGINT) AS x_m0, CAST(CASE WHEN v_m1 IS NOT NULL THEN LEAST(GREATEST(v_m1, -500), 500) END AS BIGINT) AS x_m1 FROM (SELECT t1."customer_id" AS u, (CASE WHEN (t1."quantity" < 0) THEN t1."quantity" ELSE 0 END) AS v_m0, (CASE WHEN (t1."quantity" > 0) THEN t1."quantity" ELSE CAST(NULL AS BIGINT) END) AS v_m1 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL) AS valued), cells AS (SELECT u, COUNT(*) AS n, LEAST(GREATEST(COALESCE(SUM(x_m0), 0), -10240000), 10240000) AS c_m0, LEAST(GREATEST(COALESCE(SUM(x_m1), 0), -10240000), 10240000) AS c_m1 FROM rows GROUP BY u), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m0, CASE WHEN SUM(CAST(c_m1 AS HUGEINT) * CAST(c_m1 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m1 AS HUGEINT) * CAST(c_m1 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m1 FROM cells GROUP BY u) SELECT COALESCE(SUM(CAST(owners.w_m0 AS HUGEINT) * cells.c_m0), 0) AS m0, COALESCE(SUM(CAST(owners.w_m1 AS HUGEINT) * cells.c_m1), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u;
-- answer: sold bigint noisy released, returned bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "sold", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "returned" FROM "noisy_1" AS "noisy_1";

-- title: fractional values in steps of a penny
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(unit_price), L2 sensitivity 5.24288e+10, one is 1/6553600
WITH rows AS (SELECT t1."customer_id" AS u, CAST(CASE WHEN isfinite(CAST(t1."unit_price" AS DOUBLE)) THEN LEAST(GREATEST(CAST(ROUND(LEAST(GREATEST((CAST(t1."unit_price" AS DOUBLE) * CAST(100.0 AS DOUBLE)), CAST(0.0 AS DOUBLE)), CAST(2000.0 AS DOUBLE))) AS BIGINT), 0), 2000) END AS BIGINT) AS x_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: prices double precision noisy released
SELECT ((CAST("noisy_1"."m0" AS DOUBLE) / 6553600.0)) AS "prices" FROM "noisy_1" AS "noisy_1";

-- title: a product of two bounded columns
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(quantity * unit_price), L2 sensitivity 2.62144e+13, one is 1/6553600
WITH rows AS (SELECT u, CAST(CASE WHEN isfinite(CAST(v_m0 AS DOUBLE)) THEN LEAST(GREATEST(CAST(ROUND(LEAST(GREATEST((CAST(v_m0 AS DOUBLE) * CAST(100.0 AS DOUBLE)), CAST(-1000000.0 AS DOUBLE)), CAST(1000000.0 AS DOUBLE))) AS BIGINT), -1000000), 1000000) END AS BIGINT) AS x_m0 FROM (SELECT t1."customer_id" AS u, (CAST(t1."quantity" AS DOUBLE) * t1."unit_price") AS v_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL) AS valued), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: revenue double precision noisy released
SELECT ((CAST("noisy_1"."m0" AS DOUBLE) / 6553600.0)) AS "revenue" FROM "noisy_1" AS "noisy_1";

-- title: a sum per group
-- release noisy_1: k0 text; public groups: 10
--   m0: SUM(number_emergency), L2 sensitivity 1.48291e+07, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, CAST(CASE WHEN t1."number_emergency" IS NOT NULL THEN LEAST(GREATEST(t1."number_emergency", 0), 20) END AS BIGINT) AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, visits bigint noisy released
SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "visits" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a sum bounded by the analyst
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(LEAST(GREATEST(quantity, 0), 100)), L2 sensitivity 2.62144e+09, one is 1/65536
WITH rows AS (SELECT u, CAST(CASE WHEN v_m0 IS NOT NULL THEN LEAST(GREATEST(v_m0, 0), 100) END AS BIGINT) AS x_m0 FROM (SELECT t1."customer_id" AS u, least(greatest(t1."quantity", 0), 100) AS v_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL) AS valued), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: units bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "units" FROM "noisy_1" AS "noisy_1";

-- title: the sum of a cast
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(CAST(time_in_hospital AS DOUBLE PRECISION)), L2 sensitivity 7.69658e+12, one is 1/68719476736
WITH rows AS (SELECT u, CAST(CASE WHEN isfinite(CAST(v_m0 AS DOUBLE)) THEN LEAST(GREATEST(CAST(ROUND(LEAST(GREATEST((CAST(v_m0 AS DOUBLE) * CAST(1048576.0 AS DOUBLE)), CAST(1048576.0 AS DOUBLE)), CAST(14680064.0 AS DOUBLE))) AS BIGINT), 1048576), 14680064) END AS BIGINT) AS x_m0 FROM (SELECT t1."patient_nbr" AS u, TRY_CAST(t1."time_in_hospital" AS DOUBLE) AS v_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL) AS valued), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: days double precision noisy released
SELECT ((CAST("noisy_1"."m0" AS DOUBLE) / 68719476736.0)) AS "days" FROM "noisy_1" AS "noisy_1";
