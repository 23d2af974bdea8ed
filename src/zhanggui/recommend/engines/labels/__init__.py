"""Labels that goods earn by how they are ordered: counted, tested against the shop's own average. Pure."""
