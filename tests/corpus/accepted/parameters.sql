-- Values sent beside the SQL, for $1, $2 and so on. They are constants of the plan.

-- title: a text
-- dataset: hospital
-- parameters: ["Female"]
SELECT COUNT(*) AS n FROM encounters WHERE gender = $1;

-- title: a number used twice
-- dataset: hospital
-- parameters: [3]
SELECT COUNT(*) AS n FROM encounters WHERE time_in_hospital > $1 AND num_procedures < $1;

-- title: a moment as text
-- dataset: retail
-- parameters: ["2011-06-01"]
SELECT COUNT(*) AS n FROM lines WHERE invoice_at >= $1;

-- title: in a CASE key and in the results
-- dataset: hospital
-- parameters: [7, "long", "short", 100]
SELECT CASE WHEN time_in_hospital > $1 THEN $2 ELSE $3 END AS stay, COUNT(*) AS n
FROM encounters GROUP BY 1 HAVING COUNT(*) > $4;

-- title: a text that looks like SQL is a text
-- dataset: hospital
-- parameters: ["' OR 1=1 --"]
SELECT COUNT(*) AS n FROM encounters WHERE diag_1 = $1;
