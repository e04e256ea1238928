"""State ``ValidateVouchers``: what is each code worth."""

from __future__ import annotations

from shared.edge.step import step
from shared.usecases.flow.validate_vouchers import validate_vouchers

handler = step("ValidateVouchers", validate_vouchers)
