"""What people taught: standing rules of their own, payments on hold, and notes beside payments."""
