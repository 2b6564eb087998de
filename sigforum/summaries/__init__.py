"""Summaries of what a forum session found: one document, read by the page and by every format."""
