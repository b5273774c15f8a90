"""Figures are published, and put into other sites."""
