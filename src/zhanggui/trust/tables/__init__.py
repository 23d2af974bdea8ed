"""The SQL of trust: its own tables, and nobody else's."""
