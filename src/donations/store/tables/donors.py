"""What people know of donors: which are the same, notes and consents. All of it can be erased."""
