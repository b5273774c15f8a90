"""Pages of those who look after people."""
