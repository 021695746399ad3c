"""Answers as HTML: marks become chips, nothing that a document prints becomes markup; tables as rows."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from ui.web.ask_text import AnswerText, tables_of

READER = AnswerText(
    lambda n: Markup("<i>{}</i>").format(n), lambda count, chips: Markup("<u>+{}{}</u>").format(count, chips), lambda n, html: html
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("失分[1][2]。", "<p>失分<i>1</i><i>2</i>。</p>\n"),
        ("共[1]–[6]", "<p>共<i>1</i><i>2</i><i>3</i><u>+3<i>4</i><i>5</i><i>6</i></u></p>\n"),
        ("**甲**[1]", "<p><strong>甲</strong><i>1</i></p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("![x](http://elsewhere.example/x.png)", "<p>![x](http://elsewhere.example/x.png)</p>\n"),
        ("<http://elsewhere.example>", "<p>&lt;http://elsewhere.example&gt;</p>\n"),
        ("&lt;b&gt; &#106;", "<p>&amp;lt;b&amp;gt; &amp;#106;</p>\n"),
    ],
)
def test_text(text: str, html: str) -> None:
    assert READER.render(text) == html


def test_a_reference_is_no_link() -> None:
    assert "<a" not in READER.render("见[1]。\n\n[1]: http://elsewhere.example")


def test_tables() -> None:
    text = "共 1 个[1]。\n\n| 项目 | 得分 |\n| --- | --- |\n| **甲\\|乙**[1] | 3.50 分[2] |\n\n- 列表\n\n| 丙 |\n| --- |\n| =1+1 |"
    first, second = tables_of(text)
    assert first == (("项目", "得分"), (("甲|乙", "3.50 分"),))
    assert second.rows == (("=1+1",),)
