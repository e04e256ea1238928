"""How each kind of client speaks: a family owns its words, nothing of ours,
and decides nothing about money."""
