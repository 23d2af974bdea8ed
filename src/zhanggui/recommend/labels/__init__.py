"""Labels that goods earn by how they are ordered: counted by a job, shown by the shop, hidden by its merchant."""
