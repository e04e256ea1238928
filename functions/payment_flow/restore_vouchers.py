"""State ``RestoreVouchers``: give back what was spent."""

from __future__ import annotations

from shared.edge.step import step
from shared.usecases.flow.restore_vouchers import restore_vouchers

handler = step("RestoreVouchers", restore_vouchers)
