-- COUNT(DISTINCT the privacy unit): the number of protected entities themselves.

-- title: patients
-- dataset: hospital
SELECT COUNT(DISTINCT patient_nbr) AS patients FROM encounters;

-- title: patients by age
-- dataset: hospital
SELECT age, COUNT(DISTINCT patient_nbr) AS patients FROM encounters GROUP BY age;

-- title: patients and their stays
-- dataset: hospital
SELECT gender, COUNT(DISTINCT patient_nbr) AS patients, COUNT(*) AS stays,
       1.0 * COUNT(*) / COUNT(DISTINCT patient_nbr) AS each
FROM encounters WHERE gender <> 'Unknown/Invalid' GROUP BY gender;

-- title: patients who meet a condition
-- dataset: hospital
SELECT COUNT(DISTINCT patient_nbr) AS patients,
       COUNT(DISTINCT patient_nbr) FILTER (WHERE readmitted <> 'NO') AS readmitted
FROM encounters;

-- title: patients by CASE
-- dataset: hospital
SELECT COUNT(DISTINCT e.patient_nbr) AS patients FROM encounters e WHERE e.time_in_hospital > 10;

-- title: customers by country and year
-- dataset: retail
SELECT country, extract(year FROM invoice_at) AS year, COUNT(DISTINCT customer_id) AS customers
FROM lines GROUP BY country, extract(year FROM invoice_at);

-- title: customers of each product
-- dataset: retail
SELECT stock_code, COUNT(DISTINCT customer_id) AS customers, SUM(quantity) AS units
FROM lines GROUP BY stock_code ORDER BY customers DESC, stock_code LIMIT 20;

-- title: customers by month with their sums
-- dataset: retail
SELECT date_trunc('month', invoice_at) AS month, COUNT(DISTINCT customer_id) AS customers,
       SUM(quantity) AS units, SUM(quantity * unit_price) AS revenue
FROM lines GROUP BY 1;
