-- Numbers: operators and mathematical functions. What would fail on some value is NULL there.

-- title: roots and logarithms
-- dataset: hospital
-- within: 0.01
SELECT SUM(sqrt(num_medications)) AS roots, SUM(cbrt(num_medications)) AS cube_roots,
       SUM(ln(num_medications)) AS logs
FROM encounters WHERE num_medications BETWEEN 1 AND 81;

-- title: logarithms to a base
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE log(2, num_medications) >= 4 OR log10(num_medications) < 0.5;

-- title: an exponential
-- dataset: hospital
-- within: 0.01
SELECT SUM(exp(time_in_hospital / 14.0)) AS total FROM encounters;

-- title: powers of a bounded column
-- dataset: hospital
SELECT SUM(power(time_in_hospital, 2)) AS squares, AVG(time_in_hospital ^ 3) AS cubes FROM encounters;

-- title: waves
-- dataset: hospital
-- within: 0.01
SELECT AVG(sin(num_medications)) AS s, AVG(cos(radians(num_medications))) AS c,
       SUM(atan2(num_procedures, time_in_hospital)) AS angles
FROM encounters WHERE tan(num_procedures) < pi() AND degrees(asin(num_procedures / 10.0)) < 60;

-- title: whole quotients and remainders
-- dataset: hospital
SELECT div(num_medications, 10) AS tens, COUNT(*) AS n FROM encounters
WHERE mod(num_medications, 2) = 1 GROUP BY 1;

-- title: the last digit
-- dataset: hospital
SELECT num_medications % 10 AS digit, COUNT(*) AS n FROM encounters GROUP BY digit;

-- title: cut and rounded to digits
-- dataset: retail
SELECT COUNT(*) AS n FROM lines
WHERE trunc(unit_price, 1) = 1.2 OR round(quantity, -2) = 100 OR trunc(quantity, -1) = 50;

-- title: a remainder of numerics
-- dataset: retail
SELECT COUNT(*) AS n FROM lines WHERE unit_price::numeric(10, 2) % 0.25 = 0;

-- title: bits
-- dataset: hospital
SELECT time_in_hospital & 3 AS low_bits, COUNT(*) AS n FROM encounters
WHERE (num_procedures | 1) = 3 AND num_procedures # 1 = 2 AND ~num_procedures < 0
  AND time_in_hospital << 2 > 4 AND time_in_hospital >> 1 < 7
GROUP BY 1;

-- title: divisors in common
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE gcd(num_medications, 6) = 3 AND lcm(num_procedures, 2) < 10;

-- title: hexadecimal
-- dataset: hospital
-- plain: SELECT COUNT(*) AS n FROM encounters WHERE num_medications = 31
SELECT COUNT(*) AS n FROM encounters WHERE to_hex(num_medications) = '1f';

-- title: buckets between thresholds
-- dataset: hospital
-- plain: SELECT CASE WHEN num_medications < 5 THEN 0 WHEN num_medications < 10 THEN 1 WHEN num_medications < 20 THEN 2 WHEN num_medications < 40 THEN 3 ELSE 4 END AS bucket, COUNT(*) AS n FROM encounters GROUP BY bucket
SELECT width_bucket(num_medications, ARRAY[5, 10, 20, 40]) AS bucket, COUNT(*) AS n FROM encounters
GROUP BY bucket;
