"""A made-up association: who gave what and when, the files its banks would make of it, and evenings with them."""
