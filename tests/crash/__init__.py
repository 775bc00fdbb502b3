"""Gateways that are killed between request and reply, and what their ledger says afterwards."""
