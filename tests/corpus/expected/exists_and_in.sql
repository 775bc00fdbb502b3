-- title: another row of the same patient
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."diag_1" = '428') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: none of the same patient
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(DISTINCT patient_nbr), L2 sensitivity 92681.9, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE (NOT EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."readmitted" = '<30') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr")))) AND t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: age text, patients bigint noisy released
SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: the owner IN a list of owners
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (t1."patient_nbr" IN (SELECT t2."patient_nbr" FROM "encounters" AS t2 WHERE (t2."insulin" = 'Up') AND (t1."patient_nbr" = t2."patient_nbr"))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: the owner NOT IN a list of owners
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (NOT (t1."patient_nbr" IN (SELECT t2."patient_nbr" FROM "encounters" AS t2 WHERE (t2."insulin" = 'Up') AND (t1."patient_nbr" = t2."patient_nbr")))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: IN owners with a condition on all their rows
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
--   m1: AVG(time_in_hospital), L2 sensitivity 3.67002e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m1 FROM "encounters" AS t1 WHERE (t1."patient_nbr" IN (SELECT t3."c0" FROM (SELECT t2."patient_nbr" AS "c0", COUNT(*) AS "c1" FROM "encounters" AS t2 GROUP BY 1) AS t3 WHERE (t3."c1" > 3) AND (t1."patient_nbr" = t3."c0"))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released, days double precision noisy
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays", (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "days" FROM "noisy_1" AS "noisy_1";

-- title: IN distinct owners
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 2.62144e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u FROM "lines" AS t1 WHERE (t1."customer_id" IN (SELECT t3."c0" FROM (SELECT t2."customer_id" AS "c0" FROM "lines" AS t2 WHERE (t2."quantity" < (-100)) GROUP BY 1) AS t3 WHERE (t1."customer_id" = t3."c0"))) AND t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: lines bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "lines" FROM "noisy_1" AS "noisy_1";

-- title: a value among the values of the same owner
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 2.62144e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u FROM "lines" AS t1 WHERE (t1."quantity" > 0) AND (t1."stock_code" IN (SELECT t2."stock_code" FROM "lines" AS t2 WHERE (t2."quantity" < 0) AND ((t2."customer_id" = t1."customer_id") AND (t1."customer_id" = t2."customer_id")))) AND t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: lines bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "lines" FROM "noisy_1" AS "noisy_1";

-- title: a value that is none of the same owner's, NULLs as SQL counts them
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (NOT (t1."race" IN (SELECT t2."race" FROM "encounters" AS t2 WHERE (t2."diag_1" = '428') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: public rows
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (t1."admission_type_id" IN (SELECT t2."admission_type_id" FROM "admission_types" AS t2 WHERE (t2."description" LIKE 'E%' ESCAPE '\') AND TRUE)) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: public rows that belong to this one
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE EXISTS (SELECT 1 FROM "admission_types" AS t2 WHERE (t2."description" = 'Emergency') AND (t2."admission_type_id" = t1."admission_type_id")) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: no public row
-- release noisy_1: k0 text; public groups: 3
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."gender" AS k0 FROM "encounters" AS t1 WHERE (NOT EXISTS (SELECT 1 FROM "admission_types" AS t2 WHERE (t2."admission_type_id" < 5) AND (t2."admission_type_id" = t1."admission_type_id"))) AND t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."gender" IN ('Female', 'Male', 'Unknown/Invalid')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: gender text, stays bigint noisy released
SELECT "noisy_1"."k0" AS "gender", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: one within the other
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."diag_1" = '428') AND ((t2."patient_nbr" = t1."patient_nbr") AND (NOT EXISTS (SELECT 1 FROM "encounters" AS t3 WHERE (t3."readmitted" = 'NO') AND ((t3."patient_nbr" = t2."patient_nbr") AND (t3."insulin" = t1."insulin") AND (t2."patient_nbr" = t3."patient_nbr")))) AND (t1."patient_nbr" = t2."patient_nbr"))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: an inner name hides the outer one
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."gender" = 'Male') AND (t2."time_in_hospital" = 14) AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: a test as a group
-- release noisy_1: k0 boolean; public groups: 2
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."readmitted" = '<30') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: came_back boolean, stays bigint noisy released
SELECT "noisy_1"."k0" AS "came_back", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a test within an aggregate
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(CASE WHEN patient_nbr IN (SELECT patient_nbr FROM encounters WHERE diag_1 = '428') THEN 1 ELSE 0 END), L2 sensitivity 524288, one is 1/65536
--   m1: SUM(CASE WHEN patient_nbr IN (SELECT patient_nbr FROM encounters WHERE diag_1 = '428') THEN 1 ELSE 0 END), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT u, CAST(CASE WHEN v_m1 IS NOT NULL THEN LEAST(GREATEST(v_m1, 0), 1) END AS BIGINT) AS x_m1 FROM (SELECT t1."patient_nbr" AS u, (CASE WHEN (t1."patient_nbr" IN (SELECT t2."patient_nbr" FROM "encounters" AS t2 WHERE (t2."diag_1" = '428') AND (t1."patient_nbr" = t2."patient_nbr"))) THEN 1 ELSE 0 END) AS v_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL) AS valued), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: heart bigint noisy, stays bigint noisy released
SELECT (CAST(ROUND((CAST(("noisy_1"."m1" + 0 * "noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "heart", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: IN of two columns, of which one is the owner
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 2.62144e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u FROM "lines" AS t1 WHERE (t1."quantity" > 0) AND (CASE WHEN EXISTS (SELECT 1 FROM "lines" AS t2 WHERE (t2."quantity" < 0) AND ((t1."customer_id" = t2."customer_id") AND ((t1."customer_id" = t2."customer_id") AND (t1."stock_code" = t2."stock_code")))) THEN TRUE WHEN EXISTS (SELECT 1 FROM "lines" AS t2 WHERE (t2."quantity" < 0) AND ((t1."customer_id" = t2."customer_id") AND (((t1."customer_id" = t2."customer_id") AND (t1."stock_code" = t2."stock_code")) IS NULL))) THEN CAST(NULL AS BOOLEAN) ELSE FALSE END) AND t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: lines bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "lines" FROM "noisy_1" AS "noisy_1";

-- title: NOT IN of two columns
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (NOT (CASE WHEN EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."insulin" = 'Up') AND ((t1."patient_nbr" = t2."patient_nbr") AND ((t1."patient_nbr" = t2."patient_nbr") AND (t1."race" = t2."race")))) THEN TRUE WHEN EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."insulin" = 'Up') AND ((t1."patient_nbr" = t2."patient_nbr") AND (((t1."patient_nbr" = t2."patient_nbr") AND (t1."race" = t2."race")) IS NULL))) THEN CAST(NULL AS BOOLEAN) ELSE FALSE END)) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: NOT IN, where NULL is not known
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (NOT (t1."race" IN (SELECT t2."race" FROM "encounters" AS t2 WHERE (t2."time_in_hospital" > 10) AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: more than all others of the owner
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (NOT (CASE WHEN EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr") AND (NOT (t1."time_in_hospital" >= t2."time_in_hospital")))) THEN TRUE WHEN EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr") AND ((NOT (t1."time_in_hospital" >= t2."time_in_hospital")) IS NULL))) THEN CAST(NULL AS BOOLEAN) ELSE FALSE END)) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: less than some of the owner
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE (CASE WHEN EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."insulin" = 'No') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr") AND (t1."num_procedures" < t2."num_procedures"))) THEN TRUE WHEN EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."insulin" = 'No') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr") AND ((t1."num_procedures" < t2."num_procedures") IS NULL))) THEN CAST(NULL AS BOOLEAN) ELSE FALSE END) AND t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, stays bigint noisy released
SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: ANY and SOME are IN, ALL is NOT IN
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (t1."admission_type_id" IN (SELECT t2."admission_type_id" FROM "admission_types" AS t2 WHERE (t2."description" LIKE 'E%' ESCAPE '\') AND TRUE)) AND (t1."patient_nbr" IN (SELECT t2."patient_nbr" FROM "encounters" AS t2 WHERE (t2."readmitted" = '<30') AND (t1."patient_nbr" = t2."patient_nbr"))) AND (NOT (t1."patient_nbr" IN (SELECT t2."patient_nbr" FROM "encounters" AS t2 WHERE (t2."insulin" = 'Up') AND (t1."patient_nbr" = t2."patient_nbr")))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: ALL of a public table
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (NOT (CASE WHEN EXISTS (SELECT 1 FROM "admission_types" AS t2 WHERE (t2."description" LIKE 'N%' ESCAPE '\') AND (NOT (t1."admission_type_id" < t2."admission_type_id"))) THEN TRUE WHEN EXISTS (SELECT 1 FROM "admission_types" AS t2 WHERE (t2."description" LIKE 'N%' ESCAPE '\') AND ((NOT (t1."admission_type_id" < t2."admission_type_id")) IS NULL)) THEN CAST(NULL AS BOOLEAN) ELSE FALSE END)) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";
