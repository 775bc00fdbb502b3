"""The SQL that works and the SQL that is refused, by construct: a manual, and a test.

`accepted/` holds queries, `expected/` what each becomes (written by `python -m tests.corpus.record`
and reviewed), `refused/` queries with the code, fact, hint and place of their refusal.
"""
