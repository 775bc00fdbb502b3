"""Policies: what an administrator declares of a dataset, checked, then joined with the schema.

load       YAML file -> `model.Policy`; `document` reads the text, `fields` single values,
           `tables` the tables, `views` the views; every fault of a file at once (`faults`)
check      policy + engine -> `catalog.Dataset`; `fitting` brings values to a column's type
draft      a database's schema -> a starting policy
"""
