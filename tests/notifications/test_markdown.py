"""What organisers write is Markdown; what is put in for a person is text, whatever it holds."""

import pytest

from notifications.outbox.markdown import html, plain

VALUES = {
    "name": "**Bob** <i>&</i> [x](http://evil.example)",
    "link": "https://example.org/r/vsr_1",
    "where": "{name}",
}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**Bus** at *9*", "<p><strong>Bus</strong> at <em>9</em></p>\n"),
        ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("<b>x</b> {{7*7}}", "<p>&lt;b&gt;x&lt;/b&gt; {{7*7}}</p>\n"),
        ("[map](https://example.org)", '<p><a href="https://example.org">map</a></p>\n'),
        ("[page]({link})", '<p><a href="https://example.org/r/vsr_1">page</a></p>\n'),
        (
            "{link}",
            '<p><a href="https://example.org/r/vsr_1">https://example.org/r/vsr_1</a></p>\n',
        ),
        ("[a](https://e.org/?n={where})", '<p><a href="https://e.org/?n=%7Bname%7D">a</a></p>\n'),
        ("{where}", "<p>{name}</p>\n"),
        ("{nobody}", "<p>{nobody}</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](ftp://example.org)", '<p><a href="#">x</a></p>\n'),
        (
            "![p](https://example.org/spy.png)",
            '<p>!<a href="https://example.org/spy.png">p</a></p>\n',
        ),
    ],
)
def test_what_is_written(written: str, shown: str) -> None:
    assert html(written, VALUES) == shown


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**Bus** at __9__, 2 * 3 * 4", "Bus at 9, 2 * 3 * 4"),
        ("# Bus\n\n- a\n- b", "Bus\n\n- a\n- b"),
        (
            "[map](https://example.org/a_b_c), [page]({link})",
            "map: https://example.org/a_b_c, page: {link}",
        ),
        ("[https://example.org](https://example.org)", "https://example.org"),
        ("a_b__c [x] (y) #1 ** ** {name}", "a_b__c [x] (y) #1 ** ** {name}"),
    ],
)
def test_the_text_part_is_to_be_read_too(written: str, read: str) -> None:
    assert plain(written) == read


def test_a_value_is_text() -> None:
    assert html("Dear {name}", VALUES) == (
        "<p>Dear **Bob** &lt;i&gt;&amp;&lt;/i&gt; [x](http://evil.example)</p>\n"
    )
