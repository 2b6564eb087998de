"""Groups and polls: what declared groups voted, so that nobody is told, and groups found in the votes."""
