"""The rules of the house, held over the code as it is: see CONTRIBUTING.md."""

from app.settings import PROJECT_DIR
from evals.structure import Module, arrows, climbing, cutting, modules_of, mutual, querying, uses_tests

APP = modules_of(PROJECT_DIR, "app")
EVALS = modules_of(PROJECT_DIR, "evals")


def test_no_two_neighbours_import_each_other() -> None:
    assert mutual(arrows(APP)) == []
    assert mutual(arrows(EVALS)) == []


def test_imports_lead_down() -> None:
    assert climbing(arrows(APP)) == []


def test_queries_stand_in_repositories() -> None:
    assert querying(APP) == []


def test_text_is_cut_in_one_room() -> None:
    assert cutting(APP) == []


def test_one_room_knows_the_workflow_engine() -> None:
    assert {module.name for module in APP if "dbos" in module.imports} <= {
        module.name for module in APP if module.name.startswith("app.workflows.")
    }


def test_what_serves_or_measures_imports_no_tests() -> None:
    assert [module.name for module in [*APP, *EVALS] if uses_tests(module)] == []


def test_files_are_no_longer_than_a_room() -> None:
    assert [module.name for module in APP if module.lines > 300] == []


def made(name: str, source: str) -> Module:
    return Module(name, PROJECT_DIR / "x.py", source, frozenset())


def test_a_pair_is_found_at_the_level_where_it_stands() -> None:
    drawn = {
        "app.a.x": frozenset({"app.b.y"}),
        "app.b.z": frozenset({"app.a.w"}),
        "app.a.w": frozenset({"app.a.x"}),
    }
    assert mutual(drawn) == [("app.a", "app.b")]


def test_an_import_that_climbs_is_found() -> None:
    assert climbing({"app.llm.base": frozenset({"app.web.pages"}), "app.web.pages": frozenset()}) == [
        ("app.llm.base", "app.web.pages")
    ]


def test_a_query_outside_a_repository_is_found() -> None:
    source = "from sqlalchemy import select\nasync def f(session): await session.scalar(select(Account))\n"
    assert querying([made("app.people.service", source)]) == ["app.people.service"]
    assert querying([made("app.people.repository", source)]) == []
