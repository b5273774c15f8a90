"""Certificates, tax lists, and how papers are to look."""
