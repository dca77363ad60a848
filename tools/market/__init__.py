"""The market beyond the accounts: segments, relatives of customers, sites of families."""
