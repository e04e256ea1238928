"""The contract of an HTTP endpoint: its routes, who may call it, what it takes and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from shared.domain.record import dataclass
from shared.edge.call import Call
from shared.edge.request import JSON_TYPE, Reply

if TYPE_CHECKING:
    from typing import TypedDict

    from pydantic import BaseModel

    from shared.edge.family import Family

    class Terms(TypedDict, total=False):
        """What an endpoint may say beside its route, its caller and its summary; see ``Endpoint``."""

        aliases: tuple[str, ...]
        other_methods: tuple[str, ...]
        beside: tuple[str, ...]
        not_offered: tuple[str, ...]
        request: type[BaseModel] | None
        success: tuple[int, ...]
        problems: tuple[int, ...]
        query: Mapping[str, str]
        reply_type: str
        idempotent: bool
        shown_once: frozenset[str]
        recall: Recall | None
        cors: bool
        visitor: bool
        file: bool
        noted: bool
        noted_of_keys: bool


Handle = Callable[[Call], Reply]
Recall = Callable[[Call, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one function promises; the edge keeps it, and ``tools/contract/`` reads it.

    ``caller`` is one of the kinds that its family knows. Paths are those of the guide, without the stage name.
    """

    handle: Handle
    family: Family
    method: str
    path: str
    caller: StrEnum
    summary: str
    aliases: tuple[str, ...] = ()
    other_methods: tuple[str, ...] = ()  # the same function under the same paths
    beside: tuple[str, ...] = ()  # methods under the same paths that other functions answer
    not_offered: tuple[str, ...] = ()  # words where its id stands that are addresses of others, and of none here
    request: type[BaseModel] | None = None
    success: tuple[int, ...] = (200,)
    problems: tuple[int, ...] = ()  # statuses beside those that every endpoint of its kind may answer
    query: Mapping[str, str] = field(default_factory=dict)
    reply_type: str = JSON_TYPE
    idempotent: bool = False
    shown_once: frozenset[str] = frozenset()  # fields of the reply that are not kept for a replay
    recall: Recall | None = None  # puts into a replay what can be made again
    cors: bool = False
    noted: bool = True  # what a person asks for here is written down, unless it only reads
    noted_of_keys: bool = False  # what a key asks for, too: seldom done, and told by nothing else
    file: bool = False  # that anybody may read: HEAD is answered as GET is, and API Gateway leaves the body out
    visitor: bool = False  # a browser may say who it is: "Authorization: Bearer visit_..."

    @property
    def routes(self) -> list[tuple[str, str]]:
        """Every (method, path) that leads here."""
        paths = (self.path, *self.aliases)
        return [(method, path) for method in self.methods for path in paths]

    @property
    def methods(self) -> tuple[str, ...]:
        """What this function answers; to any other that reaches it, it says what its address takes."""
        return self.method, *self.other_methods

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every method of its address."""
        return *self.methods, *self.beside, *(("HEAD",) if self.file else ()), *(("OPTIONS",) if self.cors else ())
