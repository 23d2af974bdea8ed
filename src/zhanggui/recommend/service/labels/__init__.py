"""Labels that goods earn: counted, shown, hidden by their merchant."""
