"""The Socket.IO edge: the only emitter, its rooms, guards and catch-up."""
