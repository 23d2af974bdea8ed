"""What a shop aims at: its objectives, the slider between sales and variety, and what both cost and bring."""
