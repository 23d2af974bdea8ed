"""What is known of a shopper: `state` is what is stored, `folding` grows it, the others read it."""
