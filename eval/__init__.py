"""The evaluation harness: tasks, solvers, scorers, logs, and what compares them."""
