"""A shop's tools for an assistant (MCP). Start at `server.build_server`."""
