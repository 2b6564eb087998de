"""Formats a summary can be written in, one file each, found by their folder."""
