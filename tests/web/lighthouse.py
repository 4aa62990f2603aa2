"""Lighthouse over eight screens of a furnished house, as a desktop and as a phone.

Needs Chromium, and `lighthouse` on the path (`npm install --global lighthouse`); it is no dependency of the
project. Every figure is the median of its runs, 0..100; returns 1 when one is below the target.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from httpx import Client

from tests.web.chromium import FLAGS, MISSING, find_chromium
from tests.web.screens.furnished import ONLINE, Furnished, furnished_house

TARGET = 95
CATEGORIES = ("performance", "accessibility", "best-practices")
PRESETS = {"desktop": ["--preset=desktop"], "mobile": []}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.web.lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each screen, of which the median counts")
    parser.add_argument("--only", default="", help="one screen")
    parser.add_argument("--keep", type=Path, help="folder for Lighthouse's own reports")
    options = parser.parse_args()
    tool, chromium = shutil.which("lighthouse"), find_chromium()
    if tool is None or chromium is None:
        print(MISSING if tool else "no lighthouse: `npm install --global lighthouse`", file=sys.stderr)
        return 1
    missed = 0
    print(f"{'':22} {'  '.join(CATEGORIES)}")
    with tempfile.TemporaryDirectory() as held, furnished_house(Path(held) / "house") as furnished:
        for name, path in _paths(furnished).items():
            if options.only not in ("", name):
                continue
            for preset, flags in PRESETS.items():
                runs = [_run(tool, chromium, furnished, path, flags) for _ in range(options.runs)]
                figures = [statistics.median(_score(run, each) for run in runs) for each in CATEGORIES]
                missed += sum(figure < TARGET for figure in figures)
                columns = "".join(
                    f"{figure:>{len(each)}.0f}  " for figure, each in zip(figures, CATEGORIES, strict=True)
                )
                print(f"{name:12} {preset:9} {columns}{_costs(runs[-1])}", flush=True)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{name}.{preset}.json").write_text(json.dumps(runs[-1]), "utf-8")
    return 1 if missed else 0


def _paths(furnished: Furnished) -> dict[str, str]:
    return {
        "start": "/",
        "chat": _begun(furnished),
        "report": furnished.report("practice"),
        "privacy": "/privacy",
        "log-in": "/recruiter/login",
        "list": "/recruiter",
        "transcript": furnished.transcript("disputed"),
        "trust": "/recruiter/trust",
    }


def _begun(furnished: Furnished) -> str:
    """The path of a fresh interview whose first question was asked."""
    cookies = {each["name"]: each["value"] for each in furnished.cookies()}
    with Client(base_url=furnished.house.url, cookies=cookies) as client:
        answer = client.post("/interviews", data={"bank": ONLINE, "questions": "3", "practice": "yes"})
        path = answer.headers["location"].partition("?")[0]
        while not client.get(f"/api/v1{path}").raise_for_status().json()["transcript"]:
            time.sleep(0.1)
    return path


def _run(tool: str, chromium: str, furnished: Furnished, path: str, flags: list[str]) -> dict[str, Any]:
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in furnished.cookies())
    command = [
        *(tool, f"{furnished.house.url}{path}", "--output=json", "--quiet", *flags),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
        f"--extra-headers={json.dumps({'Cookie': cookies, 'Accept-Language': 'zh-CN'})}",
    ]
    environment = os.environ | {"CHROME_PATH": chromium}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=240)
    report: dict[str, Any] = json.loads(found.stdout)
    return report


def _score(run: dict[str, Any], category: str) -> float:
    return 100 * (run["categories"][category]["score"] or 0)


def _costs(run: dict[str, Any]) -> str:
    """The audits that weigh and were not passed."""
    weighed = [
        audit["id"]
        for category in CATEGORIES
        for audit in run["categories"][category]["auditRefs"]
        if audit["weight"] and (run["audits"][audit["id"]]["score"] or 0) < 0.9
        if run["audits"][audit["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
    ]
    return " ".join(weighed)


if __name__ == "__main__":
    sys.exit(main())
