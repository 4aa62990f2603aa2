"""`make evals-retrieval`: how well the production search answers labelled queries, per embedding.

The queries were written and labelled before any ranking was seen (see the data card in
`evals/datasets/retrieval`). The shipped banks stand among 2,000 questions of other occupations.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

from tqdm import tqdm

from app.search.index import QuestionIndex
from app.search.service import search
from app.settings import Settings
from evals.retrieval.collection import EMBEDDINGS, LabelledQuery, embedder, labelled_queries, library
from evals.retrieval.metrics import interval, ndcg_at, recall_at
from evals.retrieval.rankings import RANKINGS, ranked_ids

REPORTS = Path(__file__).parent.parent / "reports"
SHOWN = 10


@dataclass(frozen=True)
class Answer:
    """What a ranking put first for a query: question ids, best first."""

    embedding: str
    ranking: str
    query: LabelledQuery
    ranked: list[str]

    @property
    def figures(self) -> dict[str, float]:
        relevant = self.query.relevant
        return {
            "recall@1": recall_at(1, self.ranked, relevant),
            "recall@5": recall_at(5, self.ranked, relevant),
            "nDCG@10": ndcg_at(SHOWN, self.ranked, relevant),
        }


async def answers(embedding: str, queries: Sequence[LabelledQuery]) -> list[Answer]:
    """Every ranking of every query over a fresh index."""
    with tempfile.TemporaryDirectory(prefix="evals-retrieval-") as folder:
        index = QuestionIndex(Settings(_env_file=None, data_dir=Path(folder)), embedder(embedding))
        try:
            with tqdm(desc=f"{embedding}: indexing", unit="text", file=sys.stderr) as bar:

                def show(done: int, total: int) -> None:
                    bar.total = total
                    bar.update(done - bar.n)

                await asyncio.to_thread(index.sync, library(), show)
            found = []
            for query in tqdm(queries, desc=f"{embedding}: searching", unit="query", file=sys.stderr):
                hits = await search(index, query.query, SHOWN)
                found.append(Answer(embedding, "fused", query, [hit.question_id for hit in hits]))
                for ranking, ids in ranked_ids(index, query.query, SHOWN).items():
                    found.append(Answer(embedding, ranking, query, ids))
            return found
        finally:
            index.close()


def table(found: Sequence[Answer]) -> str:
    """Figures by embedding and ranking with 95 % intervals over questions; then the fused ones by style."""
    lines = [f"{'embedding':<10} {'ranking':<8} {'recall@1':<20} {'recall@5':<20} {'nDCG@10':<20}"]
    for embedding in EMBEDDINGS:
        for ranking in RANKINGS:
            chosen = [a for a in found if (a.embedding, a.ranking) == (embedding, ranking)]
            if chosen:
                lines.append(f"{embedding:<10} {ranking:<8} " + " ".join(_with_interval(chosen)))
    styles = dict.fromkeys(answer.query.style for answer in found)
    default = next(iter(EMBEDDINGS))
    lines.append(
        f"\n{'style':<18} {'n':>4} {'recall@1':>9} {'recall@5':>9} {'nDCG@10':>9}  ({default}, fused)"
    )
    for style in styles:
        chosen = [a for a in found if (a.embedding, a.ranking, a.query.style) == (default, "fused", style)]
        if chosen:
            means = [mean(a.figures[name] for a in chosen) for name in chosen[0].figures]
            lines.append(f"{style:<18} {len(chosen):>4} " + " ".join(f"{value:>9.3f}" for value in means))
    return "\n".join(lines)


def _with_interval(chosen: Sequence[Answer]) -> list[str]:
    clusters = [answer.query.relevant[0] for answer in chosen]
    cells = []
    for name in chosen[0].figures:
        values = [answer.figures[name] for answer in chosen]
        low, high = interval(values, clusters)
        cells.append(f"{mean(values):.3f} ({low:.2f}–{high:.2f})  ")
    return cells


def main() -> None:
    """Print the tables and keep every ranking under `evals/reports`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--embedding", choices=list(EMBEDDINGS), action="append")
    given = parser.parse_args()
    queries = labelled_queries()
    found = [
        answer
        for embedding in given.embedding or EMBEDDINGS
        for answer in asyncio.run(answers(embedding, queries))
    ]
    print(f"{len(queries)} queries\n\n{table(found)}")
    folder = REPORTS / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-retrieval"
    folder.mkdir(parents=True)
    with (folder / "rankings.jsonl").open("w", encoding="utf-8") as out:
        for answer in found:
            row = {
                "embedding": answer.embedding,
                "ranking": answer.ranking,
                "id": answer.query.id,
                "style": answer.query.style,
                "query": answer.query.query,
                "relevant": list(answer.query.relevant),
                "ranked": answer.ranked,
                **answer.figures,
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"\nrankings: {folder}")


if __name__ == "__main__":
    main()
