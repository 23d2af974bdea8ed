"""The doors of the house: HTTP, command line, Python, MCP; and the root where everything is wired (`build`)."""
