-- Rows of two owners never meet, and no row appears or vanishes because of another owner.

-- title: rows of two protected tables on other columns
-- dataset: hospital
-- policy: through
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr =
-- at: 1:40
SELECT COUNT(*) FROM encounters e JOIN labs l ON l.num_lab_procedures = e.num_lab_procedures;

-- title: two protected tables on something else
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr =
-- at: 1:40
SELECT COUNT(*) FROM encounters a JOIN encounters b ON a.diag_1 = b.diag_1;

-- title: two protected tables without a condition
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr =
-- at: 1:36
SELECT COUNT(*) FROM encounters a, encounters b;

-- title: a cross join of protected tables
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr =
-- at: 1:46
SELECT COUNT(*) FROM encounters a CROSS JOIN encounters b;

-- title: owners that are not equal
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr =
-- at: 1:40
SELECT COUNT(*) FROM encounters a JOIN encounters b ON a.patient_nbr < b.patient_nbr;

-- title: owners through an expression
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr =
-- at: 1:40
SELECT COUNT(*) FROM encounters a JOIN encounters b ON a.patient_nbr + 0 = b.patient_nbr;

-- title: owners equal or something else
-- dataset: hospital
-- code: not_private
-- fact: The join pairs rows of different owners.
-- hint: Add the owners' equality to the join: encounters.patient_nbr =
-- at: 1:40
SELECT COUNT(*) FROM encounters a JOIN encounters b ON a.patient_nbr = b.patient_nbr OR a.age = b.age;

-- title: a full join with public rows
-- dataset: hospital
-- code: unsupported_sql
-- fact: FULL JOIN with public rows is not supported.
-- hint: Use LEFT JOIN from the protected table.
-- at: 1:45
SELECT COUNT(*) FROM encounters e FULL JOIN admission_types t USING (admission_type_id);

-- title: public rows without a protected one
-- dataset: hospital
-- code: unsupported_sql
-- fact: An outer join that keeps public rows without a protected one is not supported.
-- hint: Use JOIN: groups of a public column are reported also when they are empty.
-- at: 1:65
SELECT t.description, COUNT(*) FROM admission_types t LEFT JOIN encounters e ON e.admission_type_id = t.admission_type_id GROUP BY 1;

-- title: protected rows on the side that may be absent
-- dataset: hospital
-- code: unsupported_sql
-- fact: An outer join that keeps public rows without a protected one is not supported.
-- hint: Use JOIN: groups of a public column are reported also when they are empty.
-- at: 1:46
SELECT COUNT(*) FROM encounters e RIGHT JOIN admission_types t ON e.admission_type_id = t.admission_type_id;

-- title: an ASOF join
-- dataset: hospital
-- code: unsupported_sql
-- fact: ASOF JOIN is not supported.
-- hint: Use JOIN … ON.
-- at: 1:45
SELECT COUNT(*) FROM encounters e ASOF JOIN admission_types t ON e.admission_type_id >= t.admission_type_id;

-- title: a semi join
-- dataset: hospital
-- code: unsupported_sql
-- fact: SEMI JOIN is not supported.
-- hint: Use JOIN or LEFT JOIN.
-- at: 1:45
SELECT COUNT(*) FROM encounters e SEMI JOIN admission_types t ON e.admission_type_id = t.admission_type_id;
