"""Pure words that every feature shares: clock, identifiers, errors, events, plug-ins."""
