-- Expressions over the row of `test_postgres_meaning.ROW`, one on each line.
trunc(price, 1)
trunc(-3.14159, 2)
round(i, -1)
div(i, two)
div(-i, two)
price % 0.75
-price % 0.75
cbrt(-27)
log(2, 1024)
log10(1000)
ln(two)
exp(1.5)
power(two, -1)
degrees(pi())
radians(180)
sin(1)
cos(half)
tan(1)
cot(1)
asin(0.5)
acos(0.5)
atan(half)
atan2(1, two)
sinh(1)
cosh(1)
tanh(1)
asin(two)
gcd(12, 18)
lcm(i, two)
6 & 3
6 | 3
i & 12
i # 5
~i
5 << 3
i << 2
20 >> 2
i >> 1
to_hex(255)
width_bucket(half, ARRAY[1, 2, 3])
width_bucket(price, ARRAY[5, 6])
sign(price)
initcap('hello WORLD-x 1a')
initcap(t)
octet_length(t)
bit_length('abc')
char_length(t)
trim(BOTH 'xy' FROM 'xyaxy')
btrim('xxaxx', 'x')
ltrim('xxa', 'x')
rtrim('axx', 'x')
lpad('5', 3, '0')
lpad('abcdef', 3)
rpad('ab', 5, 'xy')
rpad(t, 3)
reverse('ab💊c')
repeat('ab', 3)
translate('12345', '143', 'ax')
overlay('Txxxxas' PLACING 'hom' FROM 2 FOR 4)
overlay('abc' PLACING 'XY' FROM 2)
split_part('a,b,c', ',', 2)
split_part('a,b,c', ',', -1)
split_part('abc', ',', 2)
split_part('a,b', ',', 9)
concat_ws(',', 'a', NULL, 'b')
concat_ws(',', NULL, NULL)
concat(two = 2, nothing, i)
(two = 2) || 'x'
ascii('x')
ascii('')
ascii(right(t, 1))
chr(65)
chr(128138)
chr(0)
md5('abc')
substring(t FOR 2)
right(t, 2)
upper('straße')
'a_c' LIKE 'a#_c' ESCAPE '#'
'abc' LIKE 'a#_c' ESCAPE '#'
'a\c' LIKE 'a\c' ESCAPE '#'
'ABC' ILIKE 'a%'
'abc' ~ '^a.c$'
'a1' ~ '[[:alpha:]][[:digit:]]'
'ABC' ~* 'b'
'abc' !~ 'B'
'größe' ~ '^\w+$'
'abc' SIMILAR TO 'a(b|x)c'
'abc' SIMILAR TO 'ab'
'a.c' SIMILAR TO 'a.c'
'abc' SIMILAR TO 'a.c'
substring('foobar' FROM 'o+b')
substring('foobar' FROM 'o(.)b')
substring('foobar' FROM 'z')
regexp_replace('a1b22', '[0-9]+', '#')
regexp_replace('a1b22', '[0-9]+', '#', 'g')
regexp_replace('ab', '(a)(b)', '\2\1')
regexp_replace('abc', 'b', '[\&]')
regexp_count('banana', 'an')
regexp_substr('foobar', 'o(.)b')
regexp_like('abc', 'B', 'i')
starts_with('abc', 'ab')
'abc' ^@ 'bc'
extract(second FROM ts)
extract(milliseconds FROM ts)
extract(microseconds FROM ts)
extract(epoch FROM ts)
extract(epoch FROM d)
extract(decade FROM d)
extract(century FROM d)
extract(millennium FROM d)
extract(century FROM date '2000-12-31')
date_trunc('decade', ts)
date_trunc('century', ts)
date_trunc('millennium', ts)
date_trunc('millisecond', ts)
date_trunc('quarter', ts)
to_char(ts, 'YYYY-MM-DD HH24:MI:SS.MS')
to_char(ts, 'FMDay, FMDD FMMonth YYYY')
to_char(ts, 'Day|Month|')
to_char(ts, 'DY MON YY Q D ID DDD IW IYYY')
to_char(ts, 'HH12:MI AM')
to_char(ts, 'YYYY"Q"Q')
to_char(d, 'dy mon FMMM')
to_char(ts, 'US')
to_date('05 Mar 2011', 'DD Mon YYYY')
to_date('2011-02-03', 'YYYY-MM-DD')
make_date(2012, 2, 29)
make_date(2011, 2, 29)
make_timestamp(2011, 1, 2, 3, 4, 5.5)
to_timestamp(1300000000.5)
to_timestamp('2011-03-01 10:20', 'YYYY-MM-DD HH24:MI')
d - 31
1 + d
d - date '2010-01-01'
extract(day FROM ts - timestamp '2011-11-30 12:00:00')
extract(hour FROM ts - timestamp '2011-11-30 12:00:00')
extract(epoch FROM age(ts, timestamp '2010-01-31 12:00:00'))
extract(month FROM age(ts, timestamp '2010-01-31'))
extract(year FROM age(d, leap))
extract(day FROM age(d, leap))
ts - timestamp '2011-12-01' > interval '30 days'
interval '1 month' = interval '30 days'
interval '1 month' > interval '29 days'
d + two * interval '1 month'
d + make_interval(months => 1, days => 2)
ts - interval '1 year 2 months 3 days 04:05:06'
ts AT TIME ZONE 'America/New_York'
ts AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Kolkata'
date_trunc('day', ts AT TIME ZONE 'UTC', 'Australia/Sydney')
timezone('Europe/Paris', ts)
date_bin('15 minutes', ts, timestamp '2001-01-01')
date_bin('7 days', ts, timestamp '2012-06-01')
isfinite(d)
num_nulls(nothing, two, NULL)
num_nonnulls(nothing, two)
two BETWEEN SYMMETRIC 5 AND 1
two NOT BETWEEN SYMMETRIC 5 AND 3
(two, i) = (2, -7)
(two, nothing) = (2, 'a')
(two, nothing) = (3, 'a')
(two, i) < (2, 0)
(two, nothing) < (3, 'a')
(two, nothing) < (2, 'a')
(two, i) IN ((1, 1), (2, -7))
two = ANY (ARRAY[1, 2])
two <> ALL (ARRAY[1, NULL])
two > ALL (ARRAY[0, 1])
(nothing = 'a') IS UNKNOWN
(nothing = 'a') IS NOT UNKNOWN
'12'::int
t::varchar(3)
5::boolean
ts::text
d::text
true::text
price::text
' 12 '::text::int
'yes'::text::boolean
2.5::numeric::int
-2.5::numeric::int
price::numeric(10, 1)
'2011-01-01 05:06'::text::timestamp
