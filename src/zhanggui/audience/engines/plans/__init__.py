"""Plans per tier from a shop's own figures: pure, nothing here knows a person by name."""
