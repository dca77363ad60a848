"""Evaluation: mutants, scripted writers, planted insights and traps."""
