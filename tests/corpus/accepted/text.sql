-- Text. What would make a text longer by a number takes constants only.

-- title: cases of letters
-- dataset: retail
SELECT COUNT(*) AS n FROM lines
WHERE upper(country) = 'FRANCE' OR initcap(lower(country)) = 'Channel Islands';

-- title: lengths
-- dataset: hospital
-- plain: SELECT length(diag_1) AS characters, COUNT(*) AS n FROM encounters WHERE length(diag_2) < 5 GROUP BY 1
SELECT length(diag_1) AS characters, COUNT(*) AS n FROM encounters
WHERE char_length(diag_2) < 5 AND octet_length(diag_2) = bit_length(diag_2) / 8 GROUP BY 1;

-- title: trimmed of characters
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE trim(BOTH 'E0' FROM diag_1) = '8' OR btrim(diag_1, 'V') = '57' OR ltrim(diag_1, '2') = '50'
   OR rtrim(diag_1, '0') = '25' OR trim(LEADING FROM diag_2) = '';

-- title: filled up
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE lpad(diag_1, 6, '0') = '000250' OR rpad(diag_1, 4) = '250 ';

-- title: every spelling of substring
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE substring(diag_1 FROM 1 FOR 2) = '25' AND substr(diag_1, 2, 1) = '5'
  AND substring(diag_1 FROM 3) = '0' AND substring(diag_1 FOR 3) = '250' AND left(diag_1, 1) = '2'
  AND right(diag_1, -1) = '50';

-- title: parts between a delimiter
-- dataset: hospital
SELECT split_part(diag_1, '.', 1) AS chapter, COUNT(DISTINCT patient_nbr) AS n FROM encounters
WHERE split_part(diag_1, '.', -1) <> '01' GROUP BY chapter;

-- title: replaced
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters
WHERE replace(diag_1, '.', '') = '25001' OR translate(diag_1, 'EV', 'ev') = 'e888'
   OR overlay(diag_1 PLACING '9' FROM 1 FOR 1) = '950';

-- title: backwards and again
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE reverse(diag_1) = '052' OR repeat(diag_1, 2) = '250250';

-- title: joined
-- dataset: hospital
SELECT concat_ws('/', gender, race) AS who, COUNT(*) AS n FROM encounters
WHERE concat(diag_1, diag_2) <> '' AND gender || '-' || race <> 'x' GROUP BY who;

-- title: codes of characters
-- dataset: hospital
-- plain: SELECT COUNT(*) AS n FROM encounters WHERE diag_1[1] = 'V' OR num_medications = 65
SELECT COUNT(*) AS n FROM encounters WHERE ascii(diag_1) = 86 OR chr(num_medications) = 'A';

-- title: a hash
-- dataset: hospital
SELECT COUNT(*) AS n FROM encounters WHERE md5(diag_1) LIKE 'a%';

-- title: a start
-- dataset: hospital
SELECT starts_with(diag_1, '25') AS diabetes, COUNT(*) AS n FROM encounters GROUP BY diabetes;

-- title: a cast to a short text
-- dataset: hospital
-- plain: SELECT COUNT(*) AS n FROM encounters WHERE age = '[0-10)'
SELECT COUNT(*) AS n FROM encounters WHERE age::varchar(3) = '[0-';
