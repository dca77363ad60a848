"""Territory design on a book: the terms of the trade around `tools.balance`."""
