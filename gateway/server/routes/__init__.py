"""The HTTP paths, one file per group. Each function only translates; the work is at the desk."""
