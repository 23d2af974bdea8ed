"""Whether groups of people are served alike."""
