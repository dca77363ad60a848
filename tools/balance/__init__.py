"""Territory balancing on plain arrays: a design, and a proof of how good it is."""
