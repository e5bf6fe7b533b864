"""Hurts the warehouse in every way that was thought of, and sees what is lost."""
