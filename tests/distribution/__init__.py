"""Statistical tests of the noise as it is drawn in production.

Each states its false alarms: the probability that it fails although nothing is wrong. Every test
has a twin that breaks the noise on purpose and must be caught.
"""
