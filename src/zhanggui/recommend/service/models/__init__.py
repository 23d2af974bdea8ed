"""The models of a shop: kept, shown, compared, put back."""
