"""Scripted conversations, phrasings and models of chat, and what judges their answers."""
