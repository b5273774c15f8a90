"""Placeholder."""

OFX = None
