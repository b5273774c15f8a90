"""Rows for the reports and for the checks of the books."""
