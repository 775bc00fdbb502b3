"""Plan to engine statement: every identifier quoted, every operator parenthesised.

Only checked trees are written. The analyst's text never is.
"""
