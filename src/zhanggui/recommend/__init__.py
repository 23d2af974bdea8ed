"""Room recommend."""
