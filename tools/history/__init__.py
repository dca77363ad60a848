"""Facts from dated events, strictly as of a day: pure functions on any table, no book."""
