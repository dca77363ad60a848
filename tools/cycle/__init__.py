"""Territory plans, tracking and reviews: the quarter in figures."""
