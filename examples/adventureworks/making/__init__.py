"""The steps that build the example book."""
