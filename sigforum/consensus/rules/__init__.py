"""One file a rule; each exposes RULE, and the rulebook finds it there."""
