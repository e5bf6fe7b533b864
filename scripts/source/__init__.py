"""Drafts the declaration of a system from one of its files."""
