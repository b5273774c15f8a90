"""Coming in and one's own account: signing in and out, links, password, second step, sessions."""
