"""From behaviour to a checked model."""
