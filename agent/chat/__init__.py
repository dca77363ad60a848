"""Chat: questions answered from read-only tools, as claims under the verifier."""
