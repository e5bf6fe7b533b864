"""A warehouse moved to another engine: ledger, bronze and what alerts have sent."""
