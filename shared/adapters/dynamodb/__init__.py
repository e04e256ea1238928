"""The gateway's tables. Low-level client items; money leaves here as ints inside one JSON text."""
