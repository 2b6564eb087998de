"""Full-text search over one meeting, by what the viewer may see."""
