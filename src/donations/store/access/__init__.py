"""Rows of people, their sessions, their links and their ways to sign in."""
