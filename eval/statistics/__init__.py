"""Intervals, tests and power for scores that come in clusters: which to use, and why, by topic.

Every function is pure: the same numbers and seed give the same result, to six decimals.
"""
