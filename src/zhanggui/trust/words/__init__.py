"""What this room says to people, marked for translation."""
