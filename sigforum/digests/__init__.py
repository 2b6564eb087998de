"""Mail about what is new in a meeting: at once, daily or never, as each person chooses."""
