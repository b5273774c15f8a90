"""Files, statements and lines as they came, what they cover, and what people and checks say of them."""
