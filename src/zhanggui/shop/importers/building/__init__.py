"""From columns of values to facts, a module per kind."""
