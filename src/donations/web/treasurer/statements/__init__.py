"""Statements come in, are looked at, and are taken back."""
