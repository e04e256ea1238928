"""Developer programs: the local cloud, the demo, the sample shop. Never deployed."""
