"""`make bench`: what privacy costs in time and memory. `python -m tests.bench --help`."""
