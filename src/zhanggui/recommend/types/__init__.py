"""What crosses this room's door, in frozen structs."""
