"""The master keys of an installation: where they come from, and going from one to the next while it serves."""
