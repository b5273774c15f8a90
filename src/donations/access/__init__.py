"""Who may come in and do what: roles, sign-in, sessions."""
