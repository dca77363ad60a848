"""The verifier: pure rules that trace every sentence of a draft to its evidence."""
