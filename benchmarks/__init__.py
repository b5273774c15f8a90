"""How fast statements are read and imported, in ratios measured in one run; `python -m benchmarks` (make bench)."""
