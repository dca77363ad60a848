"""The cycle: territory plans and reviews through the one graph."""
