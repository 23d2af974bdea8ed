"""Room trust."""
