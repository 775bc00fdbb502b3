"""The budget ledger: costs, accounts, reuse, users, audit chain."""
