"""Priorities and polls: kinds, rounds, casting, tallies, and who sees what when."""
