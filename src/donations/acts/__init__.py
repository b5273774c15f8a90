"""All that changes the books, and what is asked of the books before it: one file an act."""
