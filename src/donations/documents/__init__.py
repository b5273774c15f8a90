"""Papers: what is told on pages, set as PDF and as workbooks."""
