"""What an operator does: run, work, demo, health."""
