"""The steward's desk: decisions of people, kept in the user's own files."""
