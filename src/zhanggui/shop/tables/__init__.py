"""The shop's SQL, a module per kind of fact; functions take a connection and many facts at once."""
