"""Pure parts of trust: the hash chain and its walk, tokens, throttling, scopes."""
