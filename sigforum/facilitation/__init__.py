"""Running a forum session: the facilitator's console, the projector, and the short code that leads to it."""
