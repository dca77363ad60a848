"""Territory plans and reviews: the same graph as account plans, over a quarter."""
