-- title: diagnoses
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 92681.9, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."diag_1" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: diag_1 text, n bigint noisy released
SELECT "noisy_1"."k0" AS "diag_1", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: diagnoses within a public domain
-- release noisy_1: k0 text, k1 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 92681.9, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."diag_1" AS k0, t1."gender" AS k1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, k1, COUNT(*) AS n FROM rows GROUP BY u, k0, k1), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, cells.k1, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0, cells.k1;
-- answer: diag_1 text, gender text, n bigint noisy released
SELECT "noisy_1"."k0" AS "diag_1", "noisy_1"."k1" AS "gender", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0", "noisy_1"."k1";

-- title: owners are the threshold's own measure
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: COUNT(DISTINCT patient_nbr), L2 sensitivity 92681.9, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."medical_specialty" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: medical_specialty text, patients bigint noisy released
SELECT "noisy_1"."k0" AS "medical_specialty", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: sums of private groups
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 92681.9, one is 1/65536
--   m1: SUM(time_in_hospital), L2 sensitivity 741455, one is 1/65536
--   m2: SUM(time_in_hospital), L2 sensitivity 5.19019e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."payer_code" AS k0, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m2 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n, COALESCE(SUM(x_m2), 0) AS c_m2 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.c_m2), 0) AS m2 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: payer_code text, days bigint noisy, mean double precision noisy
SELECT "noisy_1"."k0" AS "payer_code", (CAST(ROUND((CAST(("noisy_1"."m2" + 7 * "noisy_1"."m1") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "days", (LEAST(GREATEST(CAST((("noisy_1"."m2" / NULLIF(CAST(GREATEST("noisy_1"."m1", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "mean" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: products
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 131072, one is 1/65536
--   m1: SUM(quantity), L2 sensitivity 6.5536e+08, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, t1."stock_code" AS k0, CAST(CASE WHEN t1."quantity" IS NOT NULL THEN LEAST(GREATEST(t1."quantity", -500), 500) END AS BIGINT) AS x_m1 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n, LEAST(GREATEST(COALESCE(SUM(x_m1), 0), -10240000), 10240000) AS c_m1 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v, CASE WHEN SUM(CAST(c_m1 AS HUGEINT) * CAST(c_m1 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m1 AS HUGEINT) * CAST(c_m1 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m1 FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w_m1 AS HUGEINT) * cells.c_m1), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: stock_code text, units bigint noisy released
SELECT "noisy_1"."k0" AS "stock_code", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "units" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: the values of a private column, where many share them
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 131072, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, t1."stock_code" AS k0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: stock_code text
SELECT DISTINCT "noisy_1"."k0" AS "stock_code" FROM "noisy_1" AS "noisy_1";

-- title: part of a text
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 92681.9, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, left(t1."diag_1", 1) AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: chapter text, n bigint noisy released
SELECT "noisy_1"."k0" AS "chapter", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a private text in lower case
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 131072, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, lower(t1."description") AS k0 FROM "lines" AS t1 WHERE (t1."quantity" > 100) AND t1."customer_id" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: product text, n bigint noisy released
SELECT "noisy_1"."k0" AS "product", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: the most frequent
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 92681.9, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."diag_1" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: diag_1 text, n bigint noisy released
SELECT "noisy_1"."k0" AS "diag_1", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "n" DESC NULLS FIRST, "diag_1" LIMIT 10;

-- title: a number without bounds is private
-- release noisy_1: k0 double precision; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 131072, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, (t1."unit_price" + 0.0) AS k0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: unit_price double precision, n bigint noisy released
SELECT "noisy_1"."k0" AS "unit_price", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: coalesced keys
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 92681.9, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, coalesce(t1."payer_code", 'none') AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: payer text, n bigint noisy released
SELECT "noisy_1"."k0" AS "payer", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: moments
-- release noisy_1: k0 timestamp; private groups, threshold on m0
--   m0: COUNT(DISTINCT customer_id), L2 sensitivity 131072, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, t1."invoice_at" AS k0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL AND CASE WHEN ((t1."invoice_at" BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999') OR (t1."invoice_at" IS NULL)) THEN TRUE ELSE FALSE END), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: invoice_at timestamp, customers bigint noisy released
SELECT "noisy_1"."k0" AS "invoice_at", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "customers" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";
