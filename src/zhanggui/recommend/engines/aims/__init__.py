"""The arithmetic behind what a shop aims at."""
