import errno
from pathlib import Path

import pytest

from app.doctor import Finding, findings_of
from app.settings import Settings
from evals.servers.endpoint import FakeEndpoint


def found(settings: Settings, part: str) -> Finding:
    return next(finding for finding in findings_of(settings) if finding.part == part)


@pytest.fixture
def settings(settings: Settings, fake_endpoint: FakeEndpoint) -> Settings:
    return settings.model_copy(update={"llm_base_url": fake_endpoint.base_url, "llm_model": "fake"})


def test_a_working_installation_has_nothing_to_change(settings: Settings) -> None:
    assert [finding for finding in findings_of(settings) if not finding.ok] == []


def test_an_endpoint_out_of_reach_names_the_setting(settings: Settings) -> None:
    finding = found(settings.model_copy(update={"llm_base_url": "http://127.0.0.1:1/v1"}), "model")
    assert not finding.ok
    assert "INTERVIEWER_LLM_BASE_URL" in finding.detail + finding.hint


def test_a_full_disk_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, _: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    finding = found(settings, "disk")
    assert not finding.ok
    assert "No space left" in finding.detail


def test_a_malformed_bank_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text("id: other\n", encoding="utf-8")
    finding = found(settings.model_copy(update={"banks_dir": tmp_path}), "banks")
    assert not finding.ok
    assert "odd.yaml" in finding.detail


def test_a_database_out_of_reach_names_the_setting(settings: Settings) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    finding = found(settings.model_copy(update={"database_url": url}), "database")
    assert not finding.ok
    assert "INTERVIEWER_DATABASE_URL" in finding.hint
