"""The shopper's pages. Each module serves one page or a few that belong together; all work without JavaScript."""
