"""What steers each answer from the merchant's side: objectives, and the slider between sales and variety."""
