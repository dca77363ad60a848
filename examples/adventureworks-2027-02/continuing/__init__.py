"""The steps that carry the first example book on by one quarter."""
