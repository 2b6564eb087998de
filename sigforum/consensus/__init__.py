"""Pure statistics of agreement: measures, rules and the verdicts they give, with no database and no web."""
