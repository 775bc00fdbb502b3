"""Superset end to end: its own server, its REST API and its pages in a browser, over a gateway.

`make superset` runs these. They need Superset's own environment, Debian's Chromium and minutes, so
`make test` skips them.
"""
