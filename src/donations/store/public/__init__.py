"""What is published, what it is made from, and the one question that the public may ask."""
