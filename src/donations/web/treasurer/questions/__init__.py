"""Questions are answered, one by one, alike ones together, or by a rule."""
