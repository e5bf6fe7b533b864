"""The morning page: one file that says where things are, and whether to trust it."""
