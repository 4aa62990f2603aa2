"""Whether the classifier of kinds takes answers for answers, and everything else for what it is."""

from evals.bench import Bench
from evals.heard import NAME, production, report
from evals.results import SuiteResult
from evals.utterances import UNSEEN, read_utterances

__all__ = ["NAME", "run"]


async def run(bench: Bench) -> SuiteResult:
    """What production hears in the utterances of writers that training did not see."""
    return report(bench.limited(read_utterances(UNSEEN)), production(bench.settings))
