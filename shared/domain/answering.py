"""What a PSP takes of an answer to a dispute: told before anything is uploaded or written, and not too late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from shared.domain.dispute import Evidence
from shared.domain.errors import InvalidRequest
from shared.domain.record import dataclass

TYPES: Final = ("application/pdf", "image/jpeg", "image/png", "text/plain")
LARGEST_FILE: Final = 5_000_000  # bytes; what card schemes take at most
MOST_FILES: Final = 10
LONGEST_TEXT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Takes:
    """``most_bytes`` is for all files of an answer together. ``one_each``: one file for each purpose, no more."""

    longest_text: int = LONGEST_TEXT
    types: Sequence[str] = TYPES
    most_bytes: int = MOST_FILES * LARGEST_FILE
    one_each: bool = False

    def check_type(self, content_type: str) -> None:
        """Raises InvalidRequest."""
        if content_type not in self.types:
            raise InvalidRequest(
                f"contentType is one of {', '.join(self.types)}", code="file_type", param="contentType"
            )

    def check(self, text: str, files: Iterable[Evidence]) -> None:
        """Raises InvalidRequest for an answer that would not be taken."""
        if len(text) > self.longest_text:
            told = f"response: this dispute's PSP takes {self.longest_text} characters at most"
            raise InvalidRequest(told, code="response_too_long", param="response")
        files = list(files)
        if sum(file.size for file in files) > self.most_bytes:
            told = f"evidence: this dispute's PSP takes {self.most_bytes} bytes at most, all files together"
            raise InvalidRequest(told, code="file_size", param="evidence")
        for purpose, count in Counter(file.purpose for file in files).items():
            if self.one_each and count > 1:
                told = f"evidence: this dispute's PSP takes one file whose purpose is {purpose}, not {count}"
                raise InvalidRequest(told, code="evidence_purpose", param="evidence")


ANYTHING: Final = Takes()
