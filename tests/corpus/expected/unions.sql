-- title: all diagnoses of a stay in one column
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 160530, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 3.85271e+06, one is 1/65536
WITH rows AS (SELECT t5."c0" AS u, t5."c1" AS k0 FROM (SELECT CAST(t3."c0" AS BIGINT) AS "c0", CAST(t3."c1" AS VARCHAR) AS "c1" FROM (SELECT CAST(t1."patient_nbr" AS BIGINT) AS "c0", CAST(t1."diag_1" AS VARCHAR) AS "c1" FROM "encounters" AS t1 UNION ALL SELECT CAST(t2."patient_nbr" AS BIGINT) AS "c0", CAST(t2."diag_2" AS VARCHAR) AS "c1" FROM "encounters" AS t2) AS t3 UNION ALL SELECT CAST(t4."patient_nbr" AS BIGINT) AS "c0", CAST(t4."diag_3" AS VARCHAR) AS "c1" FROM "encounters" AS t4) AS t5 WHERE t5."c0" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 3456 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(3456 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 6 THEN 65536 WHEN COUNT(*) > 384 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(6 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: d text, n bigint noisy released
SELECT "noisy_1"."k0" AS "d", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: different columns, with filters of their own
-- release noisy_1: k0 text; public groups: 3
--   m0: AVG(x), L2 sensitivity 1.81619e+06, one is 1/65536
--   m1: AVG(x), L2 sensitivity 1.27133e+07, one is 1/65536
WITH rows AS (SELECT t3."c0" AS u, t3."c1" AS k0, CAST(CASE WHEN t3."c2" IS NOT NULL THEN LEAST(GREATEST(t3."c2", 0), 14) END AS BIGINT) - (7) AS x_m1 FROM (SELECT CAST(t1."patient_nbr" AS BIGINT) AS "c0", CAST(t1."gender" AS VARCHAR) AS "c1", CAST(t1."time_in_hospital" AS BIGINT) AS "c2" FROM "encounters" AS t1 WHERE (t1."age" = '[0-10)') UNION ALL SELECT CAST(t2."patient_nbr" AS BIGINT) AS "c0", CAST(t2."gender" AS VARCHAR) AS "c1", CAST(t2."num_procedures" AS BIGINT) AS "c2" FROM "encounters" AS t2 WHERE (t2."age" = '[10-20)')) AS t3 WHERE t3."c0" IS NOT NULL AND CASE WHEN (t3."c1" IN ('Female', 'Male', 'Unknown/Invalid')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 27), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 768 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(768 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: g text, mean double precision noisy, n bigint noisy released
SELECT "noisy_1"."k0" AS "g", (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 0.0), 14.0)) AS "mean", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: counting patients of both parts
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT p), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t3."c0" AS u FROM (SELECT CAST(t1."patient_nbr" AS BIGINT) AS "c0" FROM "encounters" AS t1 WHERE (t1."readmitted" = '<30') UNION ALL SELECT CAST(t2."patient_nbr" AS BIGINT) AS "c0" FROM "encounters" AS t2 WHERE (t2."number_inpatient" > 2)) AS t3 WHERE t3."c0" IS NOT NULL) SELECT COUNT(DISTINCT u) AS m0 FROM rows;
-- answer: patients bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1";

-- title: then per owner
-- release noisy_1: k0 bigint; public groups: 16
--   m0: COUNT(*), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t4."c0" AS u, t4."c1" AS k0 FROM (SELECT t3."c0" AS "c0", COUNT(*) AS "c1" FROM (SELECT CAST(t1."patient_nbr" AS BIGINT) AS "c0" FROM "encounters" AS t1 UNION ALL SELECT CAST(t2."patient_nbr" AS BIGINT) AS "c0" FROM "encounters" AS t2 WHERE (t2."gender" = 'Male')) AS t3 GROUP BY 1) AS t4 WHERE t4."c0" IS NOT NULL AND CASE WHEN (t4."c1" BETWEEN 1 AND 16) THEN TRUE ELSE FALSE END) SELECT k0, COUNT(*) AS m0 FROM rows GROUP BY k0;
-- answer: s bigint, patients bigint noisy released
SELECT "noisy_1"."k0" AS "s", (CAST("noisy_1"."m0" AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: types that fit one another
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(x), L2 sensitivity 2.62144e+12, one is 1/6553600
WITH rows AS (SELECT t3."c0" AS u, CAST(CASE WHEN isfinite(CAST(t3."c1" AS DOUBLE)) THEN LEAST(GREATEST(CAST(ROUND(LEAST(GREATEST((CAST(t3."c1" AS DOUBLE) * CAST(100.0 AS DOUBLE)), CAST(0.0 AS DOUBLE)), CAST(50000.0 AS DOUBLE))) AS BIGINT), 0), 50000) END AS BIGINT) AS x_m0 FROM (SELECT CAST(t1."customer_id" AS BIGINT) AS "c0", TRY_CAST(t1."quantity" AS DOUBLE) AS "c1" FROM "lines" AS t1 WHERE (t1."quantity" > 0) UNION ALL SELECT CAST(t2."customer_id" AS BIGINT) AS "c0", CAST(t2."unit_price" AS DOUBLE) AS "c1" FROM "lines" AS t2 WHERE (t2."unit_price" < 5)) AS t3 WHERE t3."c0" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 800), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: total double precision noisy released
SELECT ((CAST("noisy_1"."m0" AS DOUBLE) / 6553600.0)) AS "total" FROM "noisy_1" AS "noisy_1";

-- title: the two diagnoses of a stay
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 1.04858e+06, one is 1/65536
WITH rows AS (SELECT t3."c0" AS u FROM (SELECT CAST(t1."patient_nbr" AS BIGINT) AS "c0", CAST(t1."age" AS VARCHAR) AS "c1" FROM "encounters" AS t1 WHERE (t1."diag_1" = '428') UNION ALL SELECT CAST(t2."patient_nbr" AS BIGINT) AS "c0", CAST(t2."age" AS VARCHAR) AS "c1" FROM "encounters" AS t2 WHERE (t2."diag_2" = '428')) AS t3 WHERE t3."c0" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 16), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 256 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(256 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";
