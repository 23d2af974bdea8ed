"""Recommendations on the command line."""
