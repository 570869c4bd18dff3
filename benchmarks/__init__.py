"""What a call costs, beside plain httpx and the peers: ``python -m benchmarks``, or ``make bench``."""
