"""The warehouse under an orchestrator: an example with Dagster."""
