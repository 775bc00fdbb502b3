"""Exact integers to noisy ones. The only package that may open protected rows."""
