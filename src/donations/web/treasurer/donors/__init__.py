"""Donors are found, recognised, merged and written about."""
