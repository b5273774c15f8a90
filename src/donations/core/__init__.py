"""Values and rules of the domain; imports nothing else of ours and does no I/O."""
