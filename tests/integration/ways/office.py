"""A merchant's own settings: changed with a logo, refused on an old version, and the logo shown."""

from __future__ import annotations

import base64
from io import BytesIO

import png

from tests.integration.ways.watching import Watch


def settings_changed(watch: Watch) -> None:
    made = BytesIO()
    png.Writer(2, 2, greyscale=True).write(made, [[0, 0], [0, 0]])
    version = watch.ask("merchant.settings")["version"]
    sent = {"version": version, "settings": {"time-zone": "Europe/Rome", "receipts": "on"}}
    logo = watch.ask("merchant.settings_update", None, {**sent, "logo": base64.b64encode(made.getvalue()).decode()})
    watch.ask("merchant.settings_update", None, sent)
    _, _, _, merchant, file = logo["logo"].split("/")
    watch.ask("page.logo", {"merchantId": merchant, "file": file})
