"""The books are looked at: ledger, payments, months."""
