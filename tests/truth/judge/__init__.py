"""The judge: what the books say, compared with what is true."""
