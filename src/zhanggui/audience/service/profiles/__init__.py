"""Live profiles: `keeping` folds events into rows, `reading` tells them, `correcting` lets shoppers have a say."""
