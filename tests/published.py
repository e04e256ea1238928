"""PayGlobe's formats by name."""

from shared.domain.event import Event
from shared.families.payglobe.notices import FORMATS as WRITERS

FORMATS = {form: writer.body for form, writer in WRITERS.items()}


def NAME(event: Event) -> str:
    return str(WRITERS["event"].name(event))
