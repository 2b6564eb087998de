"""Ballot kinds, one file each, found by their folder."""
