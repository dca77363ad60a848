"""Territory plans and reviews: what a writer says of a quarter, and what stands of it."""
