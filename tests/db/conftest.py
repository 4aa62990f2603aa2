from collections.abc import Iterator

import pytest

from app.db import opening

_upgrade = opening.upgrade_connection


@pytest.fixture(autouse=True)
def _real_migrations(_quick_beginnings: None) -> Iterator[None]:
    """These tests are about the migrations themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "upgrade_connection", _upgrade)
        yield
