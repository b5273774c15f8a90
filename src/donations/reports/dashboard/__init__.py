"""Figures for the staff's dashboards: values that pages only have to show."""
