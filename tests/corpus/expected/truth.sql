-- title: whether any row is
-- release noisy_1: no keys; public groups: 1
--   m0: BOOL_OR(num_procedures > 5), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (t1."num_procedures" > 5) AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(CASE WHEN rows.x_m0 THEN COALESCE(weights.w, 65536) END), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: some_had_six boolean noisy
SELECT (CAST(((CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) - CAST('300' AS BIGINT)) AS BIGINT) > 0) AS "some_had_six" FROM "noisy_1" AS "noisy_1";

-- title: whether all rows are
-- release noisy_1: no keys; public groups: 1
--   m0: BOOL_AND(gender = 'Female'), L2 sensitivity 524288, one is 1/65536
--   m1: BOOL_AND(time_in_hospital >= 1), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (NOT (t1."gender" = 'Female')) AS x_m0, (NOT (t1."time_in_hospital" >= 1)) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(CASE WHEN rows.x_m0 THEN COALESCE(weights.w, 65536) END), 0) AS m0, COALESCE(SUM(CASE WHEN rows.x_m1 THEN COALESCE(weights.w, 65536) END), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: a boolean noisy, b boolean noisy
SELECT (CAST(((CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) - CAST('424' AS BIGINT)) AS BIGINT) <= 0) AS "a", (CAST(((CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) - CAST('424' AS BIGINT)) AS BIGINT) <= 0) AS "b" FROM "noisy_1" AS "noisy_1";

-- title: per group, beside the count that it is made of
-- release noisy_1: k0 text; public groups: 4
--   m0: BOOL_OR(readmitted = '<30'), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."insulin" AS k0, (t1."readmitted" = '<30') AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."insulin" IN ('No', 'Steady', 'Up', 'Down')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(CASE WHEN rows.x_m0 THEN COALESCE(weights.w, 65536) END), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: insulin text, back_soon boolean noisy, n bigint noisy released
SELECT "noisy_1"."k0" AS "insulin", (CAST(((CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) - CAST('424' AS BIGINT)) AS BIGINT) > 0) AS "back_soon", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: of part of the rows
-- release noisy_1: no keys; public groups: 1
--   m0: BOOL_OR(quantity < 0) FILTER(WHERE unit_price > 1), L2 sensitivity 2.62144e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, ((t1."unit_price" > 1) AND (t1."quantity" < 0)) AS x_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(CASE WHEN rows.x_m0 THEN COALESCE(weights.w, 65536) END), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: returned boolean noisy
SELECT (CAST(((CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) - CAST('7027' AS BIGINT)) AS BIGINT) > 0) AS "returned" FROM "noisy_1" AS "noisy_1";

-- title: in totals
-- release noisy_1: k0 text; public groups: 4
--   m0: BOOL_OR(num_procedures > 3), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."insulin" AS k0, (t1."num_procedures" > 3) AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."insulin" IN ('No', 'Steady', 'Up', 'Down')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(CASE WHEN rows.x_m0 THEN COALESCE(weights.w, 65536) END), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: insulin text, many boolean noisy
SELECT "shown"."shown 1" AS "insulin", ((CAST("shown"."shown 2" AS DOUBLE) - "interval_1"."half of shown 2") > 0) AS "many", "shown"."identity 1" AS "identity 2" FROM (SELECT "noisy_1"."k0" AS "shown 1", CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT) AS "shown 2", GROUPING("noisy_1"."k0") AS "identity 1" FROM "noisy_1" AS "noisy_1" GROUP BY ROLLUP ("noisy_1"."k0")) AS "shown" LEFT JOIN "interval_1" AS "interval_1" ON "shown"."shown 1" IS NOT DISTINCT FROM "interval_1"."shown 1" AND "shown"."identity 1" IS NOT DISTINCT FROM "interval_1"."identity 1" ORDER BY "insulin";

-- title: as a condition on groups
-- release noisy_1: k0 text; public groups: 9
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
--   m1: BOOL_OR(num_procedures > 4), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, (t1."num_procedures" > 4) AS x_m1 FROM "encounters" AS t1 WHERE (t1."age" <> '[0-10)') AND t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(CASE WHEN rows.x_m1 THEN COALESCE(weights.w, 65536) END), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, n bigint noisy released
SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" WHERE (CAST(((CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) - CAST('600' AS BIGINT)) AS BIGINT) > 0) ORDER BY "noisy_1"."k0";

-- title: combined with another
-- release noisy_1: no keys; public groups: 1
--   m0: BOOL_AND(num_procedures > 2), L2 sensitivity 524288, one is 1/65536
--   m1: BOOL_OR(num_procedures > 5), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (NOT (t1."num_procedures" > 2)) AS x_m0, (t1."num_procedures" > 5) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(CASE WHEN rows.x_m0 THEN COALESCE(weights.w, 65536) END), 0) AS m0, COALESCE(SUM(CASE WHEN rows.x_m1 THEN COALESCE(weights.w, 65536) END), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: mixed boolean noisy
SELECT (CAST(((CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) - CAST('424' AS BIGINT)) AS BIGINT) > 0) AND NOT (CAST(((CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) - CAST('424' AS BIGINT)) AS BIGINT) <= 0) AS "mixed" FROM "noisy_1" AS "noisy_1";
