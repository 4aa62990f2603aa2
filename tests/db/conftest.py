from collections.abc import Iterator

import pytest

from app.db import migrate

_upgrade = migrate._upgrade


@pytest.fixture(autouse=True)
def _real_migrations(_quick_beginnings: None) -> Iterator[None]:
    """These tests are about the migrations themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "_upgrade", _upgrade)
        yield
