"""The sender beside a plain loop, in one run: ratios, never absolute times."""

from __future__ import annotations

from tools.bench.load_webhooks import measure


def test_a_core_sends_several_times_what_a_plain_loop_sends_and_a_hanging_receiver_delays_nobody() -> None:
    ours, loop = measure(count=100, hang_seconds=2.0)

    assert ours.rate > 3 * loop.rate, (ours, loop)
    for hanging in (1, 3):
        assert ours.last_healthy[hanging] < 1.0, ours
        assert loop.last_healthy[hanging] >= 2.0 * hanging, loop
