"""Worlds of the fault simulator in which everything holds."""

from __future__ import annotations

from collections.abc import Iterable

from tools.simulator.simulation import Simulation


def held(seeds: Iterable[int]) -> list[Simulation]:
    worlds = [Simulation(seed) for seed in seeds]
    for world in worlds:
        outcome = world.run()
        assert not outcome.broken, f"{outcome.broken[0]} (make simulate SEED={world.seed})"
    return worlds
