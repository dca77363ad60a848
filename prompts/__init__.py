"""Prompts: one Markdown file per task, versioned."""
