"""Solvers: commands that read a task a line and write an answer a line."""
