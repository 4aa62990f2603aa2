import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.authoring.cli import bank_app
from app.banks.library import BankLibrary
from app.search.index import QuestionIndex
from app.search.vector_store import IndexInUseError
from app.settings import Settings, get_settings
from tests.banks.bank_files import bank_data, write_bank
from tests.search.conftest import CountingEmbedder


@pytest.fixture
def banks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one bank, and settings that point to it."""
    folder = tmp_path / "banks"
    write_bank(folder, bank_data("a", {"s": ["客户骂人怎么办", "和同事意见不合"]}))
    chosen = Settings(_env_file=None, banks_dir=folder, data_dir=tmp_path / "data")
    get_settings.cache_clear()
    monkeypatch.setattr("app.settings.get_settings", lambda: chosen)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(bank_app, list(arguments))


def test_check_says_that_good_banks_are_good(banks: Path) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "a 1.0.0  zh-CN  Bank a: 2 questions" in result.stdout


def test_check_names_problems_and_fails(banks: Path) -> None:
    bad = banks / "b.yaml"
    bad.write_text("id: b\ntitle: [")
    result = run("check", str(bad))
    assert result.exit_code == 1
    assert result.stderr.startswith("b.yaml:")
    assert run("check").exit_code == 1
    assert run("check", str(banks / "a.yaml")).exit_code == 0
    assert "does not exist" in run("check", str(banks / "c.yaml")).stderr


def test_list_shows_sections(banks: Path) -> None:
    assert "s: Section s (2)" in run("list").stdout


def test_index_reports_what_it_did(banks: Path) -> None:
    assert run("index").stdout == "6 added, 0 replaced, 0 removed, 0 unchanged\n"
    assert run("index").stdout == "0 added, 0 replaced, 0 removed, 6 unchanged\n"


def test_search_prints_the_contract_as_json(banks: Path) -> None:
    result = run("search", "被客户辱骂", "-k", "1", "--json")
    (hit,) = json.loads(result.stdout)
    assert list(hit) == ["question_id", "bank", "section", "text", "score"]
    assert hit["question_id"] == "a-s-1"
    assert "a-s-1" in run("search", "被客户辱骂").stdout


def test_while_a_service_runs_index_is_refused_and_search_works_beside_it(
    banks: Path, tmp_path: Path, embedder: CountingEmbedder
) -> None:
    held = Settings(_env_file=None, data_dir=tmp_path / "data")
    service = QuestionIndex(held, embedder)
    service.sync(BankLibrary({}))
    try:
        refused = run("index")
        assert isinstance(refused.exception, IndexInUseError)
        found = run("search", "被客户辱骂", "-k", "1", "--json")
        assert json.loads(found.stdout)[0]["question_id"] == "a-s-1"
        assert "temporary" in found.stderr
    finally:
        service.close()


def test_the_help_needs_no_heavy_module() -> None:

    script = (
        "import sys, app.authoring.cli; print([m for m in ('chromadb', 'numpy', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
