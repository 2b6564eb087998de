"""Files of summaries: asked for, made by the worker, kept for a while, downloaded."""
