-- Keys whose values are private: a group appears only where its noisy number of owners reaches a
-- threshold, so no group of one owner is seen but with probability delta.

-- title: diagnoses
-- dataset: hospital
SELECT diag_1, COUNT(*) AS n FROM encounters GROUP BY diag_1;

-- title: diagnoses within a public domain
-- dataset: hospital
SELECT diag_1, gender, COUNT(*) AS n FROM encounters GROUP BY diag_1, gender;

-- title: owners are the threshold's own measure
-- dataset: hospital
SELECT medical_specialty, COUNT(DISTINCT patient_nbr) AS patients FROM encounters
GROUP BY medical_specialty;

-- title: sums of private groups
-- dataset: hospital
SELECT payer_code, SUM(time_in_hospital) AS days, AVG(time_in_hospital) AS mean
FROM encounters GROUP BY payer_code;

-- title: products
-- dataset: retail
SELECT stock_code, SUM(quantity) AS units FROM lines GROUP BY stock_code;

-- title: the values of a private column, where many share them
-- dataset: retail
SELECT DISTINCT stock_code FROM lines;

-- title: part of a text
-- dataset: hospital
SELECT left(diag_1, 1) AS chapter, COUNT(*) AS n FROM encounters GROUP BY left(diag_1, 1);

-- title: a private text in lower case
-- dataset: retail
SELECT lower(description) AS product, COUNT(*) AS n FROM lines
WHERE quantity > 100 GROUP BY lower(description);

-- title: the most frequent
-- dataset: hospital
SELECT diag_1, COUNT(*) AS n FROM encounters GROUP BY diag_1 ORDER BY n DESC, diag_1 LIMIT 10;

-- title: a number without bounds is private
-- dataset: retail
SELECT unit_price, COUNT(*) AS n FROM lines GROUP BY unit_price;

-- title: coalesced keys
-- dataset: hospital
SELECT coalesce(payer_code, 'none') AS payer, COUNT(*) AS n FROM encounters GROUP BY 1;

-- title: moments
-- dataset: retail
SELECT invoice_at, COUNT(DISTINCT customer_id) AS customers FROM lines GROUP BY invoice_at;
