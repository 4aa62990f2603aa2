"""Ids that no database likes, in every address. In a module of its own: one service runs in a process."""

import pytest

from app.settings import Settings
from tests.access.world import World
from tests.test_access_matrix import WITH_IDS, ask, listed, named
from tests.web.house import open_house


@pytest.mark.postgres
def test_no_id_is_too_strange_for_postgres(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("access")
    settings = Settings(_env_file=None, data_dir=folder, database_url=postgres_url)  # type: ignore[call-arg]
    failed: list[str] = []
    with open_house(settings) as house:
        world = World(house)
        for route in WITH_IDS:
            expected = listed()[route]["expected"]
            actor = next(each for each in ("owner", "candidate", "anonymous") if expected[each] == "ok")
            for name, kind, ids in world.foreign(route[1], actor):
                answer, _ = ask(world, actor, route, ids)
                if not 400 <= answer.status_code < 500:
                    failed.append(f"{named(route)} {name} {kind}: {answer.status_code}")
        world.close()
    assert failed == []
