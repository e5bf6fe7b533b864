"""A copy of the warehouse for others, without the personal data in it."""
