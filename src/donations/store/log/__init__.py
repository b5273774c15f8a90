"""The audit log: who acts, what a transaction changed, and which act that is."""
