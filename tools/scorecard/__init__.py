"""Score cards: points that add up, bent by history where history supports it."""
