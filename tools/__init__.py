"""Programs that are never deployed, one room each."""
