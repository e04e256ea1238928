"""The composition root: the only builder of adapters, by who needs them. Nothing is built at import."""
