-- title: how many diagnoses occur
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT diag_1), L2 sensitivity 8, one is 1
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."diag_1" AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), base AS (SELECT 1 AS nothing), p_m0 AS (SELECT DISTINCT u, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY md5(CAST(x AS VARCHAR)), x) AS i FROM p_m0) WHERE i <= 8), d_m0 AS (SELECT COUNT(DISTINCT x) AS n FROM q_m0) SELECT COALESCE(d_m0.n, 0) AS m0 FROM base LEFT JOIN d_m0 ON TRUE;
-- answer: diagnoses bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "diagnoses" FROM "noisy_1" AS "noisy_1";

-- title: per public group
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(DISTINCT diag_1), L2 sensitivity 11.3137, one is 1
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, t1."diag_1" AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), base AS (SELECT k0 FROM rows GROUP BY k0), p_m0 AS (SELECT DISTINCT u, k0, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, k0 ORDER BY md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS i FROM p_m0) WHERE i <= 8), r_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY i, md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS j FROM q_m0) WHERE j <= 16), d_m0 AS (SELECT k0, COUNT(DISTINCT x) AS n FROM r_m0 GROUP BY k0) SELECT base.k0, COALESCE(d_m0.n, 0) AS m0 FROM base LEFT JOIN d_m0 ON base.k0 IS NOT DISTINCT FROM d_m0.k0;
-- answer: age text, diagnoses bigint noisy released
SELECT "noisy_1"."k0" AS "age", (CAST("noisy_1"."m0" AS BIGINT)) AS "diagnoses" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: beside counts, sums and patients
-- release noisy_1: k0 text; public groups: 3
--   m0: COUNT(DISTINCT diag_1), L2 sensitivity 11.3137, one is 1
--   m1: COUNT(DISTINCT patient_nbr), L2 sensitivity 92681.9, one is 1/65536
--   m2: COUNT(*), L2 sensitivity 741455, one is 1/65536
--   m3: SUM(time_in_hospital), L2 sensitivity 5.19019e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."gender" AS k0, t1."diag_1" AS x_m0, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m3 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."gender" IN ('Female', 'Male', 'Unknown/Invalid')) THEN TRUE ELSE FALSE END), cells AS (SELECT u, k0, COUNT(*) AS n, COALESCE(SUM(x_m3), 0) AS c_m3 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u), base AS (SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m1, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m2, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.c_m3), 0) AS m3 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0), p_m0 AS (SELECT DISTINCT u, k0, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, k0 ORDER BY md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS i FROM p_m0) WHERE i <= 8), r_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY i, md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS j FROM q_m0) WHERE j <= 16), d_m0 AS (SELECT k0, COUNT(DISTINCT x) AS n FROM r_m0 GROUP BY k0) SELECT base.k0, COALESCE(d_m0.n, 0) AS m0, base.m1, base.m2, base.m3 FROM base LEFT JOIN d_m0 ON base.k0 IS NOT DISTINCT FROM d_m0.k0;
-- answer: gender text, diagnoses bigint noisy released, stays bigint noisy released, patients bigint noisy released, days bigint noisy
SELECT "noisy_1"."k0" AS "gender", (CAST("noisy_1"."m0" AS BIGINT)) AS "diagnoses", (CAST(ROUND((CAST("noisy_1"."m2" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "patients", (CAST(ROUND((CAST(("noisy_1"."m3" + 7 * "noisy_1"."m2") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "days" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: per private group
-- release noisy_1: k0 text; private groups, threshold on m1
--   m0: COUNT(DISTINCT medical_specialty), L2 sensitivity 11.3137, one is 1
--   m1: owners in the group, L2 sensitivity 92681.9, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."diag_1" AS k0, t1."medical_specialty" AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u), base AS (SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0), p_m0 AS (SELECT DISTINCT u, k0, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, k0 ORDER BY md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS i FROM p_m0) WHERE i <= 8), r_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY i, md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS j FROM q_m0) WHERE j <= 16), d_m0 AS (SELECT k0, COUNT(DISTINCT x) AS n FROM r_m0 GROUP BY k0) SELECT base.k0, COALESCE(d_m0.n, 0) AS m0, base.m1 FROM base LEFT JOIN d_m0 ON base.k0 IS NOT DISTINCT FROM d_m0.k0;
-- answer: diag_1 text, specialties bigint noisy released
SELECT "noisy_1"."k0" AS "diag_1", (CAST("noisy_1"."m0" AS BIGINT)) AS "specialties" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: of an expression, with FILTER
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT DATE_TRUNC('DAY', invoice_at)) FILTER(WHERE quantity > 0), L2 sensitivity 400, one is 1
WITH rows AS (SELECT t1."customer_id" AS u, (CASE WHEN (t1."quantity" > 0) THEN COALESCE(TRY(CAST(date_trunc('day', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") ELSE CAST(NULL AS TIMESTAMP) END) AS x_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), base AS (SELECT 1 AS nothing), p_m0 AS (SELECT DISTINCT u, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY md5(CAST(x AS VARCHAR)), x) AS i FROM p_m0) WHERE i <= 400), d_m0 AS (SELECT COUNT(DISTINCT x) AS n FROM q_m0) SELECT COALESCE(d_m0.n, 0) AS m0 FROM base LEFT JOIN d_m0 ON TRUE;
-- answer: days bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "days" FROM "noisy_1" AS "noisy_1";

-- title: of several columns, one each
-- release noisy_1: k0 text; public groups: 38
--   m0: COUNT(DISTINCT quantity), L2 sensitivity 800, one is 1
--   m1: COUNT(DISTINCT stock_code), L2 sensitivity 800, one is 1
WITH rows AS (SELECT t1."customer_id" AS u, t1."country" AS k0, t1."quantity" AS x_m0, t1."stock_code" AS x_m1 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL AND CASE WHEN (t1."country" IN ('Australia', 'Austria', 'Bahrain', 'Belgium', 'Brazil', 'Canada', 'Channel Islands', 'Cyprus', 'Czech Republic', 'Denmark', 'EIRE', 'European Community', 'Finland', 'France', 'Germany', 'Greece', 'Hong Kong', 'Iceland', 'Israel', 'Italy', 'Japan', 'Lebanon', 'Lithuania', 'Malta', 'Netherlands', 'Norway', 'Poland', 'Portugal', 'RSA', 'Saudi Arabia', 'Singapore', 'Spain', 'Sweden', 'Switzerland', 'USA', 'United Arab Emirates', 'United Kingdom', 'Unspecified')) THEN TRUE ELSE FALSE END), base AS (SELECT k0 FROM rows GROUP BY k0), p_m0 AS (SELECT DISTINCT u, k0, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, k0 ORDER BY md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS i FROM p_m0) WHERE i <= 400), r_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY i, md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS j FROM q_m0) WHERE j <= 1600), d_m0 AS (SELECT k0, COUNT(DISTINCT x) AS n FROM r_m0 GROUP BY k0), p_m1 AS (SELECT DISTINCT u, k0, x_m1 AS x FROM rows WHERE x_m1 IS NOT NULL), q_m1 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, k0 ORDER BY md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS i FROM p_m1) WHERE i <= 400), r_m1 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY i, md5(CAST(x AS VARCHAR)), x, k0 NULLS LAST) AS j FROM q_m1) WHERE j <= 1600), d_m1 AS (SELECT k0, COUNT(DISTINCT x) AS n FROM r_m1 GROUP BY k0) SELECT base.k0, COALESCE(d_m0.n, 0) AS m0, COALESCE(d_m1.n, 0) AS m1 FROM base LEFT JOIN d_m0 ON base.k0 IS NOT DISTINCT FROM d_m0.k0 LEFT JOIN d_m1 ON base.k0 IS NOT DISTINCT FROM d_m1.k0;
-- answer: country text, articles bigint noisy released, sizes bigint noisy released
SELECT "noisy_1"."k0" AS "country", (CAST("noisy_1"."m1" AS BIGINT)) AS "articles", (CAST("noisy_1"."m0" AS BIGINT)) AS "sizes" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: of floating-point numbers
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT unit_price), L2 sensitivity 400, one is 1
WITH rows AS (SELECT t1."customer_id" AS u, t1."unit_price" AS x_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), base AS (SELECT 1 AS nothing), p_m0 AS (SELECT DISTINCT u, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY md5(CAST((x + 0.0) AS VARCHAR)), x) AS i FROM p_m0) WHERE i <= 400), d_m0 AS (SELECT COUNT(DISTINCT x) AS n FROM q_m0) SELECT COALESCE(d_m0.n, 0) AS m0 FROM base LEFT JOIN d_m0 ON TRUE;
-- answer: prices bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "prices" FROM "noisy_1" AS "noisy_1";

-- title: of an expression of the unit, which is a value like any other
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT patient_nbr + 0), L2 sensitivity 8, one is 1
WITH rows AS (SELECT t1."patient_nbr" AS u, TRY(t1."patient_nbr" + CAST(0 AS BIGINT)) AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), base AS (SELECT 1 AS nothing), p_m0 AS (SELECT DISTINCT u, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY md5(CAST(x AS VARCHAR)), x) AS i FROM p_m0) WHERE i <= 8), d_m0 AS (SELECT COUNT(DISTINCT x) AS n FROM q_m0) SELECT COALESCE(d_m0.n, 0) AS m0 FROM base LEFT JOIN d_m0 ON TRUE;
-- answer: n bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: of two columns together
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT (diag_1, age)), L2 sensitivity 8, one is 1
WITH rows AS (SELECT t1."patient_nbr" AS u, ROW(t1."diag_1", t1."age") AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), base AS (SELECT 1 AS nothing), p_m0 AS (SELECT DISTINCT u, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY md5(COALESCE(md5(CAST(struct_extract(x, 1) AS VARCHAR)), '') || COALESCE(md5(CAST(struct_extract(x, 2) AS VARCHAR)), '')), x) AS i FROM p_m0) WHERE i <= 8), d_m0 AS (SELECT COUNT(DISTINCT x) AS n FROM q_m0) SELECT COALESCE(d_m0.n, 0) AS m0 FROM base LEFT JOIN d_m0 ON TRUE;
-- answer: pairs bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "pairs" FROM "noisy_1" AS "noisy_1";

-- title: of two columns, where neither is NULL
-- release noisy_1: k0 text; public groups: 3
--   m0: COUNT(DISTINCT CASE WHEN diag_1 IS NULL THEN NULL WHEN payer_code IS NULL THEN NULL ELSE (diag_1, payer_code) END), L2 sensitivity 11.3137, one is 1
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."gender" AS k0, CASE WHEN ((t1."payer_code" IS NOT NULL) AND (t1."diag_1" IS NOT NULL)) THEN ROW(t1."diag_1", t1."payer_code") END AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."gender" IN ('Female', 'Male', 'Unknown/Invalid')) THEN TRUE ELSE FALSE END), base AS (SELECT k0 FROM rows GROUP BY k0), p_m0 AS (SELECT DISTINCT u, k0, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, k0 ORDER BY md5(COALESCE(md5(CAST(struct_extract(x, 1) AS VARCHAR)), '') || COALESCE(md5(CAST(struct_extract(x, 2) AS VARCHAR)), '')), x, k0 NULLS LAST) AS i FROM p_m0) WHERE i <= 8), r_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY i, md5(COALESCE(md5(CAST(struct_extract(x, 1) AS VARCHAR)), '') || COALESCE(md5(CAST(struct_extract(x, 2) AS VARCHAR)), '')), x, k0 NULLS LAST) AS j FROM q_m0) WHERE j <= 16), d_m0 AS (SELECT k0, COUNT(DISTINCT x) AS n FROM r_m0 GROUP BY k0) SELECT base.k0, COALESCE(d_m0.n, 0) AS m0 FROM base LEFT JOIN d_m0 ON base.k0 IS NOT DISTINCT FROM d_m0.k0;
-- answer: gender text, pairs bigint noisy released
SELECT "noisy_1"."k0" AS "gender", (CAST("noisy_1"."m0" AS BIGINT)) AS "pairs" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: of the unit together with another column
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT (patient_nbr, age)), L2 sensitivity 8, one is 1
WITH rows AS (SELECT t1."patient_nbr" AS u, ROW(t1."patient_nbr", t1."age") AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), base AS (SELECT 1 AS nothing), p_m0 AS (SELECT DISTINCT u, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY md5(COALESCE(md5(CAST(struct_extract(x, 1) AS VARCHAR)), '') || COALESCE(md5(CAST(struct_extract(x, 2) AS VARCHAR)), '')), x) AS i FROM p_m0) WHERE i <= 8), d_m0 AS (SELECT COUNT(DISTINCT x) AS n FROM q_m0) SELECT COALESCE(d_m0.n, 0) AS m0 FROM base LEFT JOIN d_m0 ON TRUE;
-- answer: pairs bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "pairs" FROM "noisy_1" AS "noisy_1";

-- title: of two columns together, of part of the rows
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT (stock_code, unit_price)) FILTER(WHERE quantity > 0), L2 sensitivity 400, one is 1
WITH rows AS (SELECT t1."customer_id" AS u, CASE WHEN (t1."quantity" > 0) THEN ROW(t1."stock_code", t1."unit_price") END AS x_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), base AS (SELECT 1 AS nothing), p_m0 AS (SELECT DISTINCT u, x_m0 AS x FROM rows WHERE x_m0 IS NOT NULL), q_m0 AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY md5(COALESCE(md5(CAST(struct_extract(x, 1) AS VARCHAR)), '') || COALESCE(md5(CAST((struct_extract(x, 2) + 0.0) AS VARCHAR)), '')), x) AS i FROM p_m0) WHERE i <= 400), d_m0 AS (SELECT COUNT(DISTINCT x) AS n FROM q_m0) SELECT COALESCE(d_m0.n, 0) AS m0 FROM base LEFT JOIN d_m0 ON TRUE;
-- answer: prices bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "prices" FROM "noisy_1" AS "noisy_1";
