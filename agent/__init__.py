"""The agent: gather evidence, draft, verify, wait for a person."""
