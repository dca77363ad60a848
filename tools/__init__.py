"""Analyses: pure functions on the tables of a book."""
