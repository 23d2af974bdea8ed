"""What a merchant says of lists: rules, promotions, filters."""
