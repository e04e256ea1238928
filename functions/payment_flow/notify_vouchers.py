"""State ``NotifyVouchers``: tell the provider the sale is done."""

from __future__ import annotations

from shared.edge.step import step
from shared.usecases.flow.notify_vouchers import notify_vouchers

handler = step("NotifyVouchers", notify_vouchers)
