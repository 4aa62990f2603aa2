"""The suites in the order they run: modules with `NAME` and `async def run(bench) -> SuiteResult`."""

from importlib import import_module
from typing import Protocol

from evals.bench import Bench
from evals.results import SuiteResult

NAMES = ("agreement", "review", "naive", "consistency", "invariance", "attacks", "kinds", "conversation")
NAMED_ONLY = ("ablation",)  # too long to run unless asked for
EVERY = (*NAMES, *NAMED_ONLY)


class Suite(Protocol):
    NAME: str

    async def run(self, bench: Bench) -> SuiteResult: ...


def suite(name: str) -> Suite:
    """The suite of that name. Raises KeyError for a name that is not one of `EVERY`."""
    if name not in EVERY:
        raise KeyError(name)
    module: Suite = import_module(f"evals.suites.{name}")
    return module
