"""State ``SpendVouchers``: spend what was planned."""

from __future__ import annotations

from shared.edge.step import step
from shared.usecases.flow.spend_vouchers import spend_vouchers

handler = step("SpendVouchers", spend_vouchers)
