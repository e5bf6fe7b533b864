"""Keeping the warehouse up to date while files arrive."""
