"""Allocations and their invariants, as pure functions; the record is corrected by adding only."""
