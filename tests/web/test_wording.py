import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.web import languages
from app.web.assets import STATIC_DIR
from app.web.wording import Wording, wording

TEMPLATES = sorted((STATIC_DIR.parent / "templates").rglob("*.html"))
SCRIPTS = sorted(STATIC_DIR.glob("*.js"))
READ_BY_PEOPLE = {"title", "placeholder", "alt", "aria-label"}
LETTERS = re.compile(r"[^\W\d_]")
QUOTED = re.compile(r"""(?<=["'])[\w.]+(?=["'])""")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def forms(table: Wording, key: str) -> list[str]:
    entry = table.group(key)[key]
    return [entry] if isinstance(entry, str) else list(entry.values())


@pytest.mark.parametrize("language", [language.code for language in languages.LANGUAGES])
def test_every_language_has_the_same_strings(language: str) -> None:
    assert wording(language).keys() == wording("zh-CN").keys()


@pytest.mark.parametrize("language", [language.code for language in languages.LANGUAGES])
def test_a_string_takes_the_same_values_in_every_language(language: str) -> None:
    def taken(code: str) -> dict[str, set[str]]:
        table = wording(code)
        return {key: set(PLACEHOLDER.findall(" ".join(forms(table, key)))) for key in sorted(table.keys())}

    assert taken(language) == taken("zh-CN")


def test_no_english_string_is_left_in_chinese() -> None:
    english = wording("en")
    assert [
        key for key in sorted(english.keys()) if re.search(r"[\u4e00-\u9fff]", " ".join(forms(english, key)))
    ] == []


def test_traditional_chinese_is_folded_from_simplified() -> None:
    assert wording("zh-Hant")("list.title") == "面試記錄"


def test_counts_choose_their_form() -> None:
    english = wording("en")
    assert english("chat.left", n=1) == "1 character left"
    assert english("chat.left", n=2) == "2 characters left"


def test_an_unknown_string_is_an_error() -> None:
    with pytest.raises(KeyError):
        wording("en")("no.such.string")


class Words(HTMLParser):
    """Collects what a person would read of a template without its Jinja parts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in READ_BY_PEOPLE and value]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_untranslated_text(template: Path) -> None:
    source = re.sub(r"\{% block (body_class|home) %\}.*?\{% endblock %\}", "", template.read_text("utf-8"))
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    words = Words()
    words.feed(source)
    assert [text for text in words.found if LETTERS.search(text) and text.strip() != "UTC"] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_string_a_template_names_exists(template: Path) -> None:
    named = set(re.findall(r"\bt\(\s*[\"']([a-z_.]+[a-z_])[\"']\s*[,)]", template.read_text("utf-8")))
    assert named - wording("en").keys() == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_hold_no_words_of_their_own(script: Path) -> None:
    source = script.read_text("utf-8")
    assert re.search(r"[\u4e00-\u9fff]", source) is None
    named = set(re.findall(r"\bt\(\"([a-z_.]+)\"", source))
    assert named - wording("en").keys() == set()


# Keys put together from a prefix and a value, in scripts and templates.
COMPOSED = (
    *(
        "audit.action.",
        "audit.actors.",
        "audit.detail.",
        "audit.value.",
        "people.role.",
        "people.done.",
        "people.problem.",
    ),
    *("templates.problem.", "templates.field.", "templates.help.", "templates.sees.", "templates.tongue."),
    *(
        "templates.done.",
        "templates.drawing.",
        "templates.follow_up_style.",
        "invites.reason.",
        "invites.list_problem.",
        "invites.status.",
    ),
    *("invites.not_renewed.", "deletion.correct.problem."),
    *("invites.done.", "invitation.problem.", "invitation.sees.", "invitation.closed."),
    *("me.done.", "me.erase.goes.", "me.record.", "privacy.what.", "privacy.rights.", "deletion.basis."),
    *("list.sorts.", "list.formats.", "list.chip.", "list.column."),
    *("report.change.", "report.dispute.", "report.released.", "report.star.", "report.suggestion."),
    *("report.waiting.", "report.progress."),
    *("problem.", "report.reasons.", "report.sure.", "model.", "chat.intent_", "mode."),
    *("banks.problem.", "draft.reason.", "draft.why.", "draft.kind.", "draft.difficulty.", "draft.field."),
    *("draft.problem.", "draft.show.", "draft.details.", "desk.", "rescoring.status.", "rescoring.judges."),
    *("trust.names.", "trust.about.", "trust.outcomes.", "trust.purposes."),
)
COMPOSED_KEYS = {
    *(f"list.{name}" for name in ("template", "status", "bank", "mode")),
    *(f"list.{name}" for name in ("flagged", "disputed", "unscored", "reviewed", "released")),
    *(f"review.problem.{name}" for name in ("credit", "reason", "status", "outcome", "text")),
    *(f"review.dispute.{end}{plain}" for end in ("upheld", "rejected") for plain in ("", "_plain")),
    *(f"review.release.{sees}" for sees in ("nothing", "scores", "points", "everything")),
    *(f"review.signals.{name}" for name in ("pasted", "dictated")),
    *(f"invites.{column}" for column in ("email", "reference", "link", "expires", "no_link")),
    *(f"me.{status}" for status in ("paused", "ended")),
    *(f"report.{outcome}" for outcome in ("hit", "partial", "miss", "unjudged")),
    *(f"recruiter.{status}" for status in ("open", "paused", "ended")),
    *(f"banks.one.{side}" for side in ("from", "to")),
    *(f"banks.diff.{sort}" for sort in ("added", "removed", "point_added", "point_removed", "point_changed")),
    *(f"draft.job.{kind}" for kind in ("propose", "index")),
    *(f"draft.repairs.{kind}" for kind in ("pinyin", "script", "shifted", "punctuation", "encoding")),
    *(f"chat.{doing}" for doing in ("offline", "reconnecting", "waiting", "writing", "reading", "judging")),
    *(f"trust.{figure}" for figure in ("share", "doubted", "overridden", "tables_blind", "tables_overrides")),
    *(f"compare.pair_{says}" for says in ("apart", "likely", "open", "equal")),
    *(f"compare.{group}" for group in ("counted", "uncounted", "uncounted_help", "others", "others_help")),
}


def test_every_string_is_used_somewhere() -> None:
    sources = [*TEMPLATES, *SCRIPTS, *STATIC_DIR.parents[1].glob("**/*.py")]
    used = {name for path in sources for name in QUOTED.findall(path.read_text("utf-8"))}
    literal = {key for key in sorted(wording("en").keys()) if not key.startswith(COMPOSED)} - COMPOSED_KEYS
    assert literal - used == set()
