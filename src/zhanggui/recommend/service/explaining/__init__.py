"""Why a product stands where it does, and why one does not stand there."""
