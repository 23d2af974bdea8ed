"""Room shop."""
