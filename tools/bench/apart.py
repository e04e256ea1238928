"""Handlers measured in a process of their own, with AWS in another one, so that only our CPU counts."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

from tools.local.cloud import Cloud, start_cloud
from tools.local.deploy import client
from tools.ops.onboarding import add_demo_customer, add_demo_merchant
from tools.testing.resources import create_resources

T = TypeVar("T")


@contextmanager
def tables_in_cloud() -> Iterator[tuple[Cloud, dict[str, str]]]:
    """A local cloud with all tables and the demo merchant and no functions, and a function's environment."""
    cloud = start_cloud()
    try:
        environment = create_resources(partial(client, cloud))
        database, merchants = client(cloud, "dynamodb"), environment["MERCHANTS_TABLE"]
        add_demo_merchant(database, merchants)
        add_demo_customer(database, merchants, environment["CUSTOMERS_TABLE"])
        yield cloud, cloud.environment | environment | {"POWERTOOLS_SERVICE_NAME": "bench"}
    finally:
        cloud.stop()


class Work(Protocol):
    """Runs a function elsewhere; its answer or its exception."""

    def __call__(self, work: Callable[..., T], *arguments: Any) -> T: ...


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[Work]:
    """A fresh process that has this environment and prints nothing. It stays, and remembers, until the end."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh, initializer=_quiet, initargs=(dict(environment),)) as pool:
        yield lambda work, *arguments: pool.submit(work, *arguments).result()


def apart(work: Callable[..., T], *arguments: Any, environment: Mapping[str, str]) -> T:
    """Run ``work`` in a worker of its own."""
    with worker(environment) as run:
        return run(work, *arguments)


def _quiet(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    # A function's log lines go to a pipe that costs it next to nothing.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
