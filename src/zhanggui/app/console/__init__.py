"""The merchant's pages. Each module serves one page or a few that belong together; templates stand in the rooms."""
