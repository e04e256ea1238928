"""What speaks for gateways and providers: where disputes come from, and who rings."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from shared.adapters import aws
from shared.bootstrap import core, runtime

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.domain.dispute import Notice
    from shared.domain.merchant import OwnConnector
    from shared.ports.disputes import DisputeSource
    from shared.ports.inbound import Notifier


@cache
def dispute_sources() -> list[DisputeSource]:
    from shared.adapters.dispute_secrets import DisputeSecrets
    from shared.adapters.dispute_sources import DISPUTE_SOURCES
    from shared.adapters.dispute_sources.settings import SourceSettings
    from shared.adapters.fetching import fetch

    secrets_of = DisputeSecrets(
        lambda: aws.client("secretsmanager"), runtime.setting("DISPUTE_SECRETS_ARN"), runtime.now
    )
    settings = SourceSettings(secrets_of, fetch)
    return [build(settings) for build in DISPUTE_SOURCES.values()]


def dispute_notice(headers: Mapping[str, str], body: bytes) -> Notice | None:
    """What a PSP's message says; None when it is not about a dispute. Raises Unauthenticated, InvalidRequest."""
    from shared.adapters.dispute_sources.inbound import read_notice
    from shared.ports.inbound import Inbound

    return read_notice(Inbound(headers, body, runtime.now()), dispute_sources())


def notifier(own: OwnConnector) -> Notifier:
    """How the other side of this connector rings. Raises NotFound for one that never does."""
    from shared.adapters.notifiers import NOTIFIERS
    from shared.adapters.notifiers.secrets import OwnSecrets
    from shared.domain.errors import NotFound

    build = NOTIFIERS.get(own.name)
    if build is None:
        raise NotFound("there is no such connector")
    settings = core.connector_settings()
    return build(OwnSecrets(settings.credentials, own, settings.http))
