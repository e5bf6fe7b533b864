"""What users of the warehouse never run."""
