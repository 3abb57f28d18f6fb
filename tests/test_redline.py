"""Redlines: every change marked, nothing torn, both wordings to be had back from them."""

from __future__ import annotations

import re
from importlib.resources import files
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.edits import PLACE, Maker, wording
from tests.layouts import Written, documents
from tests.prose_trees import bodies, wordings
from tests.redlinechecks import faults, marks, misread, parsed, squeezed, visible
from tests.redlinechecks import to_html as page_html

from clausebook.changes import Comparison, Provision, Wording
from clausebook.clauses import read_replacement
from clausebook.compare import compare
from clausebook.labels import Numbered, number_clauses
from clausebook.model import Clause, Kind
from clausebook.problems import Problems
from clausebook.prose import Blocks, Inlines, Paragraph, PlainList, Table, Text, plain
from clausebook.redline import redline
from clausebook.redlineinline import COMMENT, Unlinked
from clausebook.redlineorder import Context
from clausebook.redlinepage import redline_clause_lines, redline_policy_lines, to_html
from clausebook.redlineshapes import Content, Difference, Redline, accept, difference, reject
from clausebook.redlinetext import plain_text, segments
from clausebook.redlinetokens import build, tokens
from clausebook.redlinewords import RunKind, accepted, redline_words, rejected
from clausebook.source import Source
from clausebook.wording import Run, read_inline

SIGNS = {"same": "%s", "deleted": "[-%s-]", "inserted": "{+%s+}", "formatted": "{~%s~}"}


def words(text: str) -> Inlines:
    return read_inline(Run(Source("x", text).passage(), 0, text), Problems())


def content(text: str) -> Content:
    problems = Problems()
    found = read_replacement(Source("x", text).passage(), problems)
    assert not problems.found
    return found


def marked(before: str, after: str) -> str:
    """Two texts as one, with signs for the marks."""
    runs = redline_words(words(before), words(after))
    return "".join(SIGNS[run.kind] % plain(run.words) for run in runs)


def html(before: str, after: str) -> str:
    """Two clauses as one, as HTML, without the hidden words."""
    old, new = provision(content(before)), provision(content(after))
    made = page_html(redline_clause_lines(old, new, Unlinked()))
    for hidden in (r"[inserted: ", "[deleted: ", "[formatting changed: ", "] "):
        made = made.replace(f'<span class="cb-vh">{hidden}</span>', "")
    return made.replace("\n", "").replace(' class="cb-', ' class="')


def provision(said: Content, key: str = "x-1", kind: Kind = Kind.PARAGRAPH) -> Provision:
    clause = Clause(
        id=key, kind=kind, parent=None, depth=0, words=said[0], body=said[1], span=PLACE
    )
    return Provision(clause=clause, shown=clause, label="1")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Staff must ask.", "Staff may ask.", "Staff [-must-]{+may+} ask."),
        ("Do it now", "**Do it** now", "{~Do it~} now"),
        ("**Do** it", "Do it", "{~Do~} it"),
        ("un**believ**able", "unbelievable", "{~unbelievable~}"),
        ("See [AUP](https://x.example).", "See [AUP](https://y.example).", "See [-AUP-]{+AUP+}."),
        ("See [a](#sm-1).", "See [a](#sm-2).", "See [-a-]{+a+}."),
        ("within 5 days", "within 3 days", "within [-5-]{+3+} days"),
        ("rule 2.3.1 of 1998", "rule 2.3.2 of 1999", "rule [-2.3.1-]{+2.3.2+} of [-1998-]{+1999+}"),
        ("by 12/05/2026, 9:30", "by 14/05/2026, 9:30", "by [-12/05/2026-]{+14/05/2026+}, 9:30"),
        ("meet face-to-face", "meet face-to-face-ish", "meet [-face-to-face-]{+face-to-face-ish+}"),
        ("don't", "doesn't", "[-don't-]{+doesn't+}"),
        ("ask a@b.example", "ask c@b.example", "ask [-a@b.example-]{+c@b.example+}"),
        ("one three", "one two three", "one {+two +}three"),
        ("one two three", "one three", "one [-two -]three"),
        ("Ask.", "Ask. Record it.", "Ask.{+ Record it.+}"),
        ("Ask. Go.", "Ask. Record it. Go.", "Ask. {+Record it. +}Go."),
        ("a, b or c", "a, b, d or c", "a, b{+, d+} or c"),
        ("line one\\\nline two", "line one line two", "line one{~ ~}line two"),
        ("", "all new", "{+all new+}"),
        ("all gone", "", "[-all gone-]"),
        ("“Hi” – it’s", '"Hi" - it\'s', '"Hi" - it\'s'),
        ("24 hours", "24\u00a0hours", "24\u00a0hours"),
        ("{{ pupils }} ask", "{{ parents }} ask", "[-{{ pupils }}-]{+{{ parents }}+} ask"),
    ],
)
def test_words_are_marked_as_people_would(before: str, after: str, expected: str) -> None:
    assert marked(before, after) == expected


def test_what_says_nothing_never_parts_what_says_the_same() -> None:
    empty, said = Table(((),), ("left",), (((),),)), Paragraph((Text("Ask first."),))
    one, other = ((), (said, empty)), ((), (empty, said))
    assert difference(redline(one, other)) is Difference.FORMATTING
    assert difference(redline(other, one)) is Difference.FORMATTING


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            (
                "Staff members should keep their passwords secret. It is not safe to reveal home "
                "addresses, telephone numbers or e-mail addresses."
            ),
            (
                "Employees must use a password manager and must not post home addresses, phone "
                "numbers or private e-mail accounts anywhere."
            ),
        ),
        ("Be kind.", "Complaints go to the office."),
    ],
)
def test_a_rewritten_clause_shows_whole_old_then_whole_new(before: str, after: str) -> None:
    assert marked(before, after) == f"[-{before}-]{{+{after}+}}"


def test_a_rewritten_sentence_leaves_its_neighbours_alone() -> None:
    frame = "Personal accounts are private. %s. They must not follow pupils from one."
    old = "Staff should keep their work and private lives apart, using strong passwords"
    new = "Employees must use a password manager and must never share what it holds"
    assert marked(frame % old, frame % new) == frame % f"[-{old}-]{{+{new}+}}"


def test_small_words_between_two_changes_are_no_confetti() -> None:
    before = "The DSL reads every report of the latest online incident before noon."
    after = (
        "The deputy headteacher answers each complaint of the worried local families before noon."
    )
    runs = [run.kind for run in redline_words(words(before), words(after))]
    assert runs == [RunKind.SAME, RunKind.DELETED, RunKind.INSERTED, RunKind.SAME]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "must not do it",
            "**must not** do it",
            '<p><span class="formatted"><strong>must not</strong></span> do it</p>',
        ),
        (
            "See [AUP](https://x.example).",
            "See [AUP](https://y.example).",
            (
                '<p>See <del><a href="https://x.example">AUP</a></del>'
                '<ins><a href="https://y.example">AUP</a></ins>.</p>'
            ),
        ),
        (
            "See [our **old** rules](https://x.example).",
            "See [our **new** rules](https://x.example).",
            (
                '<p>See <a href="https://x.example">our <strong><del>old</del><ins>new</ins>'
                "</strong> rules</a>.</p>"
            ),
        ),
        (
            "Use `#school` only",
            "Use `#school26` only",
            "<p>Use <code>#<del>school</del><ins>school26</ins></code> only</p>",
        ),
        (
            "Reply:\n\n| A | B |\n|---|---|\n| C | 5 days |",
            "Reply:\n\n| A | B |\n|---|---|\n| C | 3 days |",
            (
                "<p>Reply:</p><table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr>"
                "<td>C</td><td><del>5</del><ins>3</ins> days</td></tr></tbody></table>"
            ),
        ),
        (
            "Reply:\n\n| A |\n|---|\n| C |",
            "Reply:\n\n| A |\n|---|\n| B |\n| C |",
            (
                "<p>Reply:</p><table><thead><tr><th>A</th></tr></thead><tbody><tr>"
                '<td class="inserted"><ins>B</ins></td></tr><tr><td>C</td></tr></tbody></table>'
            ),
        ),
        (
            "Say:\n\n> one apple\n>\n> - three pears",
            "Say:\n\n> one apple\n>\n> - two plums\n> - three pears",
            (
                "<p>Say:</p><blockquote><p>one apple</p><ul><li><ins>two plums</ins></li>"
                "<li>three pears</li></ul></blockquote>"
            ),
        ),
        (
            "Say:\n\n> gone",
            "Say:",
            '<p>Say:</p><blockquote><p class="deleted"><del>gone</del></p></blockquote>',
        ),
        (
            "Note:\n\n| A |\n|---|\n| b |",
            "Note:\n\n| A | C |\n|---|---|\n| b | d |",
            (
                '<p>Note:</p><table><thead><tr><th class="deleted"><del>A</del></th></tr></thead>'
                '<tbody><tr><td class="deleted"><del>b</del></td></tr></tbody></table>'
                '<table><thead><tr><th class="inserted"><ins>A</ins></th>'
                '<th class="inserted"><ins>C</ins></th></tr></thead>'
                '<tbody><tr><td class="inserted"><ins>b</ins></td>'
                '<td class="inserted"><ins>d</ins></td></tr></tbody></table>'
            ),
        ),
    ],
)
def test_marks_stand_inside_what_they_mark(before: str, after: str, expected: str) -> None:
    assert html(before, after) == expected


def test_a_paragraph_that_was_split_is_visible() -> None:
    old: Content = (Text("Staff must ask. They must record it."),), ()
    new: Content = (Text("Staff must ask."),), (Paragraph((Text("They must record it."),)),)
    made = redline_clause_lines(provision(old), provision(new), Unlinked())
    assert [line for line in made if "<del>" in line and "record it" in line]
    assert [line for line in made if line.startswith("<ins>") and "record it" in line]


def test_every_mark_has_words_for_those_who_cannot_see_it() -> None:
    lines = redline_clause_lines(
        provision(content("5 days")), provision(content("3 days")), Unlinked()
    )
    assert lines == [
        (
            r'<del><span class="cb-vh">\[deleted: </span>5<span class="cb-vh">\] </span></del>'
            r'<ins><span class="cb-vh">\[inserted: </span>3<span class="cb-vh">\] </span></ins>'
            " days"
        )
    ]


# -- laws ------------------------------------------------------------------------------


def contents() -> st.SearchStrategy[Content]:
    lists = st.lists(wordings(), min_size=1, max_size=3).map(
        lambda items: (PlainList(tuple(items)),)
    )
    return st.tuples(wordings(), st.one_of(bodies(), lists))


@given(wordings())
def test_tokens_build_the_wording_they_were_cut_from(said: Inlines) -> None:
    assert build(tokens(said)) == said


@given(wordings(), wordings())
def test_both_wordings_can_be_had_back_exactly(before: Inlines, after: Inlines) -> None:
    runs = redline_words(before, after)
    assert accepted(runs) == after
    assert rejected(runs) == before


@given(contents(), contents())
def test_both_contents_can_be_had_back_exactly(before: Content, after: Content) -> None:
    found = redline(before, after)
    assert accept(found) == after
    assert reject(found) == before


@given(contents())
def test_nothing_is_marked_where_nothing_changed(said: Content) -> None:
    found = redline(said, said)
    assert difference(found) is Difference.NONE
    assert {run.kind for runs in found.runs() for run in runs} <= {RunKind.SAME}


@given(contents(), contents())
def test_what_differs_is_what_is_marked(before: Content, after: Content) -> None:
    found = redline(before, after)
    kinds = {run.kind for runs in found.runs() for run in runs} - {RunKind.SAME}
    assert bool(kinds) <= (difference(found) is not Difference.NONE)
    assert difference(found) is difference(redline(after, before))


@given(contents(), contents())
@settings(max_examples=200, deadline=None)
def test_any_two_wordings_make_a_page_without_a_fault(before: Content, after: Content) -> None:
    lines = redline_clause_lines(provision(before), provision(after), Unlinked())
    article = parsed(page_html(lines))
    assert faults(article) == []


@given(documents(), documents())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_two_policies_keep_the_laws(one: Written, other: Written) -> None:
    for context in CONTEXTS:
        keep_laws(compare(numbered(one.clauses), numbered(other.clauses)), context)


CONTEXTS: tuple[Context, ...] = ("all", "changed")


def numbered(clauses: tuple[Clause, ...]) -> Wording:
    labels = number_clauses([Numbered(clause, None) for clause in clauses])
    return Wording(tuple(Provision(clause=c, shown=c, label=labels[c.id]) for c in clauses))


@given(st.integers(0, 1 << 40))
@settings(max_examples=100, deadline=None)
def test_any_edit_of_any_policy_keeps_the_laws(seed: int) -> None:
    for context in CONTEXTS:
        keep_laws(edited(seed), context)


def edited(seed: int) -> Comparison:
    """A small random policy against the same after some edits."""
    maker = Maker(Random(seed))  # noqa: S311 - to be the same every time is what it is for
    before = maker.policy(4)
    return compare(wording(before), wording(maker.edited(before)))


def keep_laws(comparison: Comparison, context: Context) -> None:
    assert compare(comparison.after, comparison.after).is_empty
    for change in comparison.changes:
        old, new = (side.content if side else None for side in (change.before, change.after))
        assert accept(change.redline) == (new or ((), ()))
        assert reject(change.redline) == (old or ((), ()))
    lines = redline_policy_lines(comparison, Unlinked(), context=context)
    article = parsed(page_html(lines))
    assert faults(article) == []
    assert list(misread(article, comparison)) == []


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(10))
def test_ten_thousand_edits_keep_the_laws(thousand: int) -> None:
    for seed in range(thousand * 1000, thousand * 1000 + 1000):
        try:
            keep_laws(edited(seed), CONTEXTS[seed % 2])
        except Exception as error:
            raise AssertionError(f"edited({seed})") from error


@given(st.integers(0, 1 << 40))
@settings(max_examples=100, deadline=None)
def test_the_form_for_comments_says_the_same_without_attributes(seed: int) -> None:
    comparison = edited(seed)
    lines = redline_policy_lines(comparison, Unlinked(), style=COMMENT)
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    article = parsed(reader.render("\n".join(lines)))
    assert faults(article) == []
    assert "cb-" not in "".join(lines)
    site = parsed(page_html(redline_policy_lines(comparison, Unlinked())))
    for tag in ("ins", "del"):
        said = [
            [squeezed(visible(mark)) for _, mark in marks(page) if mark.tag == tag]
            for page in (article, site)
        ]
        assert said[0] == said[1]


# -- whole documents -------------------------------------------------------------------

OLD = [("x-1", Kind.HEADING, "Rules"), ("x-2", Kind.PARAGRAPH, "Staff must ask first.")]
NEW = [("x-1", Kind.HEADING, "Rules & duties #"), ("x-2", Kind.PARAGRAPH, "Staff must ask first.")]


def side(rows: list[tuple[str, Kind, str]]) -> Wording:
    blocks: Blocks = ()
    return Wording(
        tuple(
            Provision(
                clause=(
                    clause := Clause(
                        id=key,
                        kind=kind,
                        parent=None if kind is Kind.HEADING else "x-1",
                        depth=2 if kind is Kind.HEADING else 0,
                        words=(Text(said),),
                        body=blocks,
                        span=PLACE,
                    )
                ),
                shown=clause,
                label="1" if kind is Kind.HEADING else "1.1",
            )
            for key, kind, said in rows
        )
    )


def test_a_document_stands_alone() -> None:
    document = to_html(compare(side(OLD), side(NEW)), title="What <changed>", intro=["A *note*."])
    assert document.startswith('<!doctype html>\n<html lang="en-GB">')
    assert "<title>What &lt;changed&gt;</title>" in document
    assert "http" not in document
    assert "text-decoration-line: line-through" in document
    article = parsed(document.split("<main>")[1].split("</main>")[0])
    assert faults(article) == []


def test_a_heading_keeps_its_last_sign_and_a_clean_name_in_the_contents() -> None:
    lines = redline_policy_lines(compare(side(OLD), side(NEW)), Unlinked(), context="changed")
    assert lines[0].endswith(
        '&amp; duties #<span class="cb-vh">\\] </span></ins> '
        '{: #x-1 .cb-clause .cb-changed data-toc-label="1 Rules  duties " }'
    )
    same = redline_policy_lines(compare(side(NEW), side(NEW)), Unlinked())
    assert "duties #</h2>" in page_html(same)


def test_terminals_get_signs_or_segments() -> None:
    assert plain_text(segments(compare(side(OLD), side(NEW)))) == (
        "1 Rules {+& duties #+}\n… 1 clause unchanged (1.1)"
    )


def test_a_redline_of_nothing_is_nothing() -> None:
    assert redline(None, None) == Redline((), ())
    assert redline_policy_lines(compare(Wording(()), Wording(())), Unlinked()) == []


# -- how it looks ------------------------------------------------------------------------

ASSETS = files("clausebook") / "theme" / "assets"
STYLE = (ASSETS / "redline.css").read_text(encoding="utf-8")
SHELL = (ASSETS / "shell.css").read_text(encoding="utf-8")
DARK_PAPER = re.findall(r"--cb-paper: (#[0-9a-f]{6});", SHELL)[0]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("scheme", "page"),
    [
        (":root", "#ffffff"),
        (':root:not([data-cb-scheme="light"])', DARK_PAPER),
        (':root[data-cb-scheme="dark"]', DARK_PAPER),
    ],
)
def test_marks_can_be_read_in_every_scheme(scheme: str, page: str) -> None:
    rules = STYLE.split(f"{scheme} {{", 1)[1].split("}")[0]
    colours = dict(re.findall(r"(--cb-[a-z-]+): (#[0-9a-f]{6});", rules))
    for front, back in (("ins", "ins-back"), ("del", "del-back"), ("note", "")):
        pair = colours[f"--cb-{front}"], colours.get(f"--cb-{back}", page)
        dark, light = sorted(map(luminance, pair))
        assert (light + 0.05) / (dark + 0.05) >= 7, pair  # AAA: governors print, and squint
