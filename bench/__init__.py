"""Measurements of what the documentation promises; each prints JSON."""
