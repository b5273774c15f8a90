"""What the public is shown: blocks of months, the rules of disclosure, and the chained document; pure."""
