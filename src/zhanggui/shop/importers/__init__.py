"""Reading a merchant's files as they are: readers of formats, maps of columns, builders of facts."""
