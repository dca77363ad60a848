"""Speed and quality, measured against named alternatives in the same run."""
