"""The room's SQL; a module or a package for each idea."""
