"""Dashboards for the staff: figures for everybody who is at home here, names only for who may see them."""
