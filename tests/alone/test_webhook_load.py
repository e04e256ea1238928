"""The sender beside a plain loop, in one run: ratios, never absolute times."""

from __future__ import annotations

from tools.bench.load_webhooks import measure


def test_a_core_sends_several_times_what_a_plain_loop_sends_and_a_hanging_receiver_delays_nobody() -> None:
    hang = 3.0
    ours, loop = measure(count=100, hang_seconds=hang)

    assert ours.rate > 3 * loop.rate, (ours, loop)
    for hanging in (1, 3):
        assert ours.last_healthy[hanging] < hang / 2, ours
        assert loop.last_healthy[hanging] >= hang * hanging, loop
