"""The live room, measured: real Socket.IO connections to the real web process, beside a bare server."""
