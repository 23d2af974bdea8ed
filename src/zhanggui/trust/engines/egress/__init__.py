"""What a call across the border needs, and where a well-known host is."""
