"""The use cases of trust."""
