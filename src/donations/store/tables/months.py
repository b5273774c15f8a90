"""Closed months and what they were closed with."""
