"""The main job: ingest the inbox, build the warehouse, say what became of it."""
