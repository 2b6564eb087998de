"""Before the room opens: interests declared, rules acknowledged, and how what is said may be attributed."""
