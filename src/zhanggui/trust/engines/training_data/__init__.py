"""What is wrong with a training set: arrays and texts in, rows and findings out."""
