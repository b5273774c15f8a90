"""Donations: gifts that arrive by bank transfer, proven against the bank's own balances."""
