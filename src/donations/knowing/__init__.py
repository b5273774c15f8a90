"""What people know of donors: who is the same, and who pays for whom; all of it can be taken back."""
