"""The report of a run: one HTML file that shows how good the answers were, and why."""
