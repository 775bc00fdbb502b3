"""The demo's drawings fit the terminal and tell the truth about error and budget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.demo.drawing import ASCII, UNICODE, WIDTH, Bar, chart, gauge

NUMBERS = st.floats(min_value=-1e9, max_value=1e9)


def test_the_interval_is_drawn_around_the_value() -> None:
    (line,) = chart([Bar(label="a", value=50.0, half_width=50.0)], UNICODE)
    assert line.sure == ""
    assert set(line.unsure) == {"▒"}
    wide, narrow = chart(
        [Bar(label="a", value=100, half_width=10), Bar(label="b", value=50, half_width=None)], ASCII
    )
    assert len(wide.sure) > len(narrow.sure) > 0
    assert len(wide.unsure) > 0
    assert narrow.error.strip() == ""
    assert wide.number.strip() == "100"
    assert wide.error.strip() == "+- 10"


@given(
    st.lists(
        st.builds(
            Bar,
            label=st.text(max_size=60),
            value=NUMBERS,
            half_width=st.none() | st.floats(min_value=0, max_value=1e9),
        ),
        max_size=20,
    )
)
def test_every_line_fits(bars: list[Bar]) -> None:
    for line in chart(bars, UNICODE):
        drawn = f"{line.label} {line.number} {line.error}  {line.sure}{line.unsure}"
        assert len(drawn) <= WIDTH


def test_a_budget_is_full_only_while_nothing_is_spent() -> None:
    assert gauge(5, 5, UNICODE, 10) == ("█" * 10, "")
    assert gauge(4.999, 5, UNICODE, 10) == ("█" * 9, "·")
    assert gauge(0, 5, UNICODE, 10) == ("", "·" * 10)
    assert gauge(0, 0, UNICODE, 10) == ("", "·" * 10)
