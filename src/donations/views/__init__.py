"""What people and programs are shown: one frozen value per thing, each with its document."""
