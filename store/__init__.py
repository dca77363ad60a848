"""What is kept: books, ledgers, plans, decisions, runs and the notes index."""
