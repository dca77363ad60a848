"""What an account could spend: additive log-linear quantile regression on plain tables."""
