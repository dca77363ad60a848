"""The read-only tools of chat, one subject a file."""
