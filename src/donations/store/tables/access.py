"""Who may come in: people of the organisation, their ways to sign in, their sessions, and the history of both."""
