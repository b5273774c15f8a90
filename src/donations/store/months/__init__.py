"""Closed months, and what came to them afterwards."""
