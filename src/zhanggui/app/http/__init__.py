"""HTTP. Start at `server.create_app`."""
