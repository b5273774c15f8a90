"""Placeholder."""

CAMT053 = None
