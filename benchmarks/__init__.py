"""How fast statements are read and imported, and pages answered; `python -m benchmarks` (make bench)."""
