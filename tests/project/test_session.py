"""The README's session is what the demo prints today, but for the noise."""

from __future__ import annotations

from tests.project import session


def test_the_readme_shows_what_the_demo_prints() -> None:
    """Same questions, columns, labels and words; numbers, bars and widths differ by noise."""
    readme = session.README.read_text(encoding="utf-8")
    printed = session.chosen(session.run())
    assert printed.count("SELECT") >= len(session.SHOWN)
    assert session.masked(session.shown(readme)) == session.masked(printed), (
        "write it anew: .venv/bin/python -m tests.project.session"
    )


def test_the_mask_hides_noise_and_nothing_else() -> None:
    """Two draws of one answer look alike; another label, question or column does not."""
    one = "[70-80)  25,901 ± 44  ███████▒\nleft: ε = 4.87 of 5"
    other = "[70-80)  26,033 ± 44  ██████▒▒\nleft: ε = 4.87 of 5"
    assert session.masked(one) == session.masked(other)
    assert session.masked(one) != session.masked(other.replace("left", "spent"))
    assert session.masked(one) != session.masked(other.replace(" ± 44", ""))


def test_a_session_is_written_between_its_marks() -> None:
    """Writing keeps the text around it, and what was written is read back."""
    readme = "a\n<!-- session: made by x -->\nold\n<!-- session ends -->\nb\n"
    new = session.written(readme, "line 1\nline 2")
    assert session.shown(new) == "line 1\nline 2"
    assert new.startswith("a\n<!-- session: made by x -->\n")
    assert new.endswith("<!-- session ends -->\nb\n")


def test_questions_are_chosen_by_number() -> None:
    """The others leave one mark, however many they are."""
    heading = "{}  Question? ────"
    whole = "Opening\n\n" + "\n\n".join(f"{heading.format(n)}\n  text {n}" for n in range(1, 9))
    parts = session.chosen(whole).split("\n\n")
    shown = [f"{heading.format(n)}\n  text {n}" for n in session.SHOWN]
    assert [part for part in parts if part != session.LEFT_OUT] == ["Opening", *shown]
    assert parts.count(session.LEFT_OUT) == 2
