"""The treasurer's pages: statements in, questions answered, the ledger looked at."""
