"""What was given: by whom, when, to which appeal, and how regularly."""
