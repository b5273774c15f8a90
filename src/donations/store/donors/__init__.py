"""Donors with what names them, how they are found, and whom they stand for."""
