"""The API: the same things as the pages, for programs."""
