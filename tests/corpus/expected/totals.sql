-- title: a total below the groups
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, n bigint noisy
SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n", GROUPING("noisy_1"."k0") AS "identity 1" FROM "noisy_1" AS "noisy_1" GROUP BY ROLLUP ("noisy_1"."k0") ORDER BY "age";

-- title: totals at each level
-- release noisy_1: k0 text, k1 text; public groups: 20
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
--   m1: SUM(time_in_hospital), L2 sensitivity 5.19019e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, t1."gender" AS k1, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m1 FROM "encounters" AS t1 WHERE (t1."gender" IN ('Female', 'Male')) AND t1."patient_nbr" IS NOT NULL AND (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) AND (t1."gender" IN ('Female', 'Male'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, k1, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0, k1) GROUP BY u) SELECT rows.k0, rows.k1, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0, rows.k1;
-- answer: age text, gender text, n bigint noisy, days bigint noisy
SELECT "noisy_1"."k0" AS "age", "noisy_1"."k1" AS "gender", (CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n", (CAST(ROUND((CAST((SUM("noisy_1"."m1") + 7 * SUM("noisy_1"."m0")) AS DOUBLE) / 65536.0)) AS BIGINT)) AS "days", GROUPING("noisy_1"."k0") AS "identity 1", GROUPING("noisy_1"."k1") AS "identity 2" FROM "noisy_1" AS "noisy_1" GROUP BY ROLLUP ("noisy_1"."k0", "noisy_1"."k1") ORDER BY "age", "gender";

-- title: totals both ways
-- release noisy_1: k0 text, k1 text; public groups: 12
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."insulin" AS k0, t1."readmitted" AS k1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND (t1."insulin" IN ('No', 'Steady', 'Up', 'Down')) AND (t1."readmitted" IN ('<30', '>30', 'NO'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, k1, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0, k1) GROUP BY u) SELECT rows.k0, rows.k1, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0, rows.k1;
-- answer: insulin text, readmitted text, n bigint noisy
SELECT "noisy_1"."k0" AS "insulin", "noisy_1"."k1" AS "readmitted", (CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n", GROUPING("noisy_1"."k0") AS "identity 1", GROUPING("noisy_1"."k1") AS "identity 2" FROM "noisy_1" AS "noisy_1" GROUP BY CUBE ("noisy_1"."k0", "noisy_1"."k1") ORDER BY "insulin", "readmitted";

-- title: chosen totals
-- release noisy_1: k0 text, k1 text; public groups: 27
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, t1."readmitted" AS k1 FROM "encounters" AS t1 WHERE (t1."age" <> '[0-10)') AND t1."patient_nbr" IS NOT NULL AND (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) AND (t1."readmitted" IN ('<30', '>30', 'NO'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, k1, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0, k1) GROUP BY u) SELECT rows.k0, rows.k1, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0, rows.k1;
-- answer: age text, readmitted text, n bigint noisy
SELECT "noisy_1"."k0" AS "age", "noisy_1"."k1" AS "readmitted", (CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n", GROUPING("noisy_1"."k0") AS "identity 1", GROUPING("noisy_1"."k1") AS "identity 2" FROM "noisy_1" AS "noisy_1" GROUP BY GROUPING SETS (("noisy_1"."k0"), ("noisy_1"."k1"), ()) ORDER BY "age", "readmitted";

-- title: which rows are totals
-- release noisy_1: k0 text; public groups: 4
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."insulin" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND (t1."insulin" IN ('No', 'Steady', 'Up', 'Down'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: insulin text, is_total bigint, n bigint noisy
SELECT "noisy_1"."k0" AS "insulin", GROUPING("noisy_1"."k0") AS "is_total", (CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" GROUP BY ROLLUP ("noisy_1"."k0") ORDER BY "is_total", "insulin";

-- title: a plain key beside a rollup
-- release noisy_1: k0 text, k1 text; public groups: 8
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."gender" AS k0, t1."insulin" AS k1 FROM "encounters" AS t1 WHERE (t1."gender" IN ('Female', 'Male')) AND t1."patient_nbr" IS NOT NULL AND (t1."gender" IN ('Female', 'Male')) AND (t1."insulin" IN ('No', 'Steady', 'Up', 'Down'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, k1, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0, k1) GROUP BY u) SELECT rows.k0, rows.k1, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0, rows.k1;
-- answer: gender text, insulin text, n bigint noisy
SELECT "noisy_1"."k0" AS "gender", "noisy_1"."k1" AS "insulin", (CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n", GROUPING("noisy_1"."k0") AS "identity 1", GROUPING("noisy_1"."k1") AS "identity 2" FROM "noisy_1" AS "noisy_1" GROUP BY "noisy_1"."k0", ROLLUP ("noisy_1"."k1") ORDER BY "gender", "insulin";

-- title: averages of totals
-- release noisy_1: k0 text; public groups: 3
--   m0: AVG(time_in_hospital), L2 sensitivity 741455, one is 1/65536
--   m1: AVG(time_in_hospital), L2 sensitivity 5.19019e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."readmitted" AS k0, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND (t1."readmitted" IN ('<30', '>30', 'NO'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: readmitted text, days double precision noisy
SELECT "noisy_1"."k0" AS "readmitted", (LEAST(GREATEST(CAST(((SUM("noisy_1"."m1") / NULLIF(CAST(GREATEST(SUM("noisy_1"."m0"), 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "days", GROUPING("noisy_1"."k0") AS "identity 1" FROM "noisy_1" AS "noisy_1" GROUP BY ROLLUP ("noisy_1"."k0") ORDER BY "readmitted";

-- title: a condition on totals
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, n bigint noisy
SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n", GROUPING("noisy_1"."k0") AS "identity 1" FROM "noisy_1" AS "noisy_1" GROUP BY ROLLUP ("noisy_1"."k0") HAVING (CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) > 20000 ORDER BY "age";

-- title: totals over a computed key
-- release noisy_1: k0 timestamp; public groups: 5
--   m0: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
--   m1: SUM(quantity), L2 sensitivity 6.5536e+08, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, COALESCE(TRY(CAST(date_trunc('quarter', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") AS k0, CAST(CASE WHEN t1."quantity" IS NOT NULL THEN LEAST(GREATEST(t1."quantity", -500), 500) END AS BIGINT) AS x_m1 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL AND (COALESCE(TRY(CAST(date_trunc('quarter', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") BETWEEN TIMESTAMP '2010-10-01 00:00:00' AND TIMESTAMP '2011-10-01 00:00:00')), cells AS (SELECT u, k0, COUNT(*) AS n, LEAST(GREATEST(COALESCE(SUM(x_m1), 0), -10240000), 10240000) AS c_m1 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v, CASE WHEN SUM(CAST(c_m1 AS HUGEINT) * CAST(c_m1 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m1 AS HUGEINT) * CAST(c_m1 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m1 FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m0, COALESCE(SUM(CAST(owners.w_m1 AS HUGEINT) * cells.c_m1), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: quarter timestamp, lines bigint noisy, units bigint noisy
SELECT "noisy_1"."k0" AS "quarter", (CAST(ROUND((CAST(SUM("noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "lines", (CAST(ROUND((CAST(SUM("noisy_1"."m1") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "units", GROUPING("noisy_1"."k0") AS "identity 1" FROM "noisy_1" AS "noisy_1" GROUP BY ROLLUP ("noisy_1"."k0") ORDER BY "quarter";

-- title: totals of what is counted per owner
-- release noisy_1: k0 bigint; public groups: 3
--   m0: COUNT(*), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t2."c0" AS u, t2."c1" AS k0 FROM (SELECT t1."patient_nbr" AS "c0", COUNT(*) AS "c1" FROM "encounters" AS t1 GROUP BY 1) AS t2 WHERE (t2."c1" <= 3) AND t2."c0" IS NOT NULL AND (t2."c1" BETWEEN 1 AND 3)) SELECT k0, COUNT(*) AS m0 FROM rows GROUP BY k0;
-- answer: stays bigint, patients bigint noisy
SELECT "noisy_1"."k0" AS "stays", (CAST(SUM("noisy_1"."m0") AS BIGINT)) AS "patients", GROUPING("noisy_1"."k0") AS "identity 1" FROM "noisy_1" AS "noisy_1" GROUP BY ROLLUP ("noisy_1"."k0") ORDER BY "stays";
