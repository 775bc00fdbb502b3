"""With the noise off and the bounds wide, answers are exactly what DuckDB gives.

What is left of the gateway then must not change a number: statements, weights, formulas and
post-processing. `Silence` lives here alone; no setting reaches it.
"""
