"""What costs were for: categories, what people said of payees and payments, and the costs that come of it."""
