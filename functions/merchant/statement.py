"""GET /api/merchant/statement: what a month came to, as CSV, by day and tender, and by issuer of vouchers."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from shared.bootstrap import core, runtime
from shared.domain.errors import InvalidRequest
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.search import check_known
from shared.families.payglobe.sheets import statement_sheet
from shared.usecases.merchant.statement import statement

QUERY: Final = {"month": "Such as 2026-11, by your time zone; this month unless given"}
_MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@endpoint(
    "GET",
    "/api/merchant/statement",
    caller=Caller.SECRET_KEY,
    summary="What a month came to, as CSV: by day, currency, tender and issuer of vouchers; the month's sums last",
    query=QUERY,
    reply_type="text/csv",
)
def handler(call: Call) -> Reply:
    check_known(call, QUERY)
    caller = call.credential
    month = call.query("month") or f"{runtime.now().astimezone(ZoneInfo(caller.merchant.time_zone)):%Y-%m}"
    if _MONTH.fullmatch(month) is None:
        raise InvalidRequest("month is such as 2026-11", param="month")
    lines = statement(caller, date.fromisoformat(f"{month}-01"), figures=core.figures())
    headers = {"Content-Type": "text/csv; charset=utf-8", "Cache-Control": "no-store"}
    headers["Content-Disposition"] = f'attachment; filename="statement-{caller.environment}-{month}.csv"'
    return Reply(statement_sheet(month, lines), 200, headers)
