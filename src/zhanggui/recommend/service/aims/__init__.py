"""What aims bring: served lists over time, how narrow people's are, and what the slider costs."""
