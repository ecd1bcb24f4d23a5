"""The word beside a number says as many as there are, in each language."""

import pytest

from core.i18n import fmt, speaking
from indicators.rules import words


@pytest.mark.parametrize(
    ("language", "one", "two", "eleven"),
    [
        ("en", "visit", "visits", "visits"),
        ("lt", "vizitas", "vizitai", "vizitų"),
        ("lv", "vizīte", "vizītes", "vizīšu"),
        ("nb", "besøk", "besøk", "besøk"),
    ],
)
def test_the_word_beside_a_number(language: str, one: str, two: str, eleven: str) -> None:
    with speaking(language):
        assert [words.unit("visits", n) for n in (1, 2, 11)] == [one, two, eleven]
        assert words.unit("bicycles", 1) == "bicycles", (
            "a word of the organiser's own stays as it is"
        )


def test_a_share_is_the_nearest_whole_per_cent() -> None:
    shares = [fmt.share(part, 411) for part in (275, 136, 0, 1, 409, 411)]
    assert [one.replace("\u00a0", " ") for one in shares] == [
        "67 %",
        "33 %",
        "0 %",
        "< 1 %",
        "99 %",
        "100 %",
    ]
