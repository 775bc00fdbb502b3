"""Policies: every fault, drift against the schema, drafts and the bundled policies."""
