"""One owner taken out moves every number by no more than was claimed.

For every accepted query of the corpus, over databases made by hypothesis, the statement is run
with all rows and without those of each owner. `claims` compares the two results with what the plan
claims: exactly, in integers and fractions.
"""
