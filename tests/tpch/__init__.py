"""TPC-H with the customer as the unit: the 22 queries as the benchmark has them, without edits.

Three are exact, three would name single customers, sixteen are answered. `tpch.yaml` is an example
policy for data whose owners are found through references. The data is made by `tpchgen-cli`.
"""
