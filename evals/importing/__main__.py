"""What the importer makes of documents whose content is known: `python -m evals.importing`.

Runs the production importer over `datasets/importing/documents`, over the same texts damaged the way one of
the seeds is, and over the seeds where they are at hand.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from evals.importing.damage import damage
from evals.importing.running import Case, Outcome, run
from evals.importing.table import table
from evals.importing.truth import DOCUMENTS, SEEDS, truths

REPORTS = Path(__file__).parents[1] / "reports"
SEED_DOCUMENTS = Path(__file__).parents[3] / "shared" / "seeds"


def our_cases(*, held_out: bool) -> Iterator[Case]:
    """Every document of ours as it is, then those that are damaged here; held-out ones on request."""
    ours = [truth for truth in truths(DOCUMENTS) if held_out or truth.split != "held-out"]
    for truth in ours:
        yield Case(truth.document, truth, (DOCUMENTS / truth.document).read_bytes())
    for truth in ours:
        clean = (DOCUMENTS / truth.document).read_text(encoding="utf-8") if truth.damage else ""
        for how in truth.damage:
            damaged = damage(clean, **how.model_dump())
            name = f"{truth.document}, damaged {how.seed}"
            yield Case(name, truth, damaged.text.encode(), clean, damaged.text)


def seed_cases(folder: Path) -> Iterator[Case]:
    """The seeds that are in the folder; their truths hold digests, so there is no clean text."""
    for truth in truths(SEEDS):
        path = folder / truth.document
        if path.exists():
            yield Case(f"seed {truth.document}", truth, path.read_bytes())


def _keep(outcomes: list[Outcome]) -> Path:
    folder = REPORTS / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-import"
    folder.mkdir(parents=True)
    figures = {outcome.name: asdict(outcome.figures) for outcome in outcomes if outcome.figures}
    failed = {outcome.name: outcome.error for outcome in outcomes if outcome.error}
    splits = {outcome.name: outcome.split for outcome in outcomes}
    kept = {"documents": figures, "splits": splits, "failed": failed}
    written = json.dumps(kept, ensure_ascii=False, indent=2)
    (folder / "figures.json").write_text(written, encoding="utf-8")
    with (folder / "misses.jsonl").open("w", encoding="utf-8") as out:
        for outcome in outcomes:
            row = {"document": outcome.name, **asdict(outcome.misses)}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return folder


def main() -> None:
    """Import every document, print the table and keep the figures with every miss under `evals/reports`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=Path, default=SEED_DOCUMENTS, help="the folder that holds the seeds")
    parser.add_argument("--only", default="", help="only documents whose name holds this")
    parser.add_argument("--held-out", action="store_true", help="also the documents kept from rule makers")
    given = parser.parse_args()
    ours = our_cases(held_out=given.held_out)
    cases = [case for case in [*ours, *seed_cases(given.seeds)] if given.only in case.name]
    outcomes = [run(case) for case in tqdm(cases, unit="document", file=sys.stderr)]
    print(table(outcomes))
    if not given.held_out:
        print("!!! NOT MEASURED: the held-out documents, which are read on --held-out only")
    for truth in truths(SEEDS):
        if not (given.seeds / truth.document).exists():
            print(f"!!! NOT MEASURED: the seed {truth.document} is not in {given.seeds}")
    print(f"misses: {_keep(outcomes)}")


if __name__ == "__main__":
    main()
