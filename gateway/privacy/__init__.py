"""Whose rows each number depends on, and by how much one owner can change it. Pure."""
