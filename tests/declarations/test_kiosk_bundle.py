"""The order of modules, and a style that means the same when it is squeezed."""

import pytest

from declarations import kiosk_bundle
from declarations.kiosk_bundle import BundleError, ordered

MODULES = {
    "js/main.js": """
        import { word } from "./words.js";
        import {
          number as count,
          twice,
        } from "./numbers.js";

    """,
    "js/words.js": """
        import { number } from "./numbers.js";
        export const word = `${number}`;
    """,
    "js/numbers.js": """
        export const number = 21;
        export const twice = (n) => n * 2;
    """,
}


def dedent(modules):
    return {name: "\n".join(line[8:] for line in text.splitlines()) + "\n" for name, text in modules.items()}


def test_modules_come_after_those_they_need():
    assert ordered("js/main.js", dedent(MODULES).__getitem__) == [
        "js/numbers.js",
        "js/words.js",
        "js/main.js",
    ]


def test_circle_is_refused():
    modules = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    with pytest.raises(BundleError, match="imports itself"):
        ordered("a.js", modules.__getitem__)


def test_style_keeps_its_meaning():
    css = (
        "/* soft */\n.a , .b:hover { opacity: 0.8;\n  margin: 10.5px 0 auto; }\n"
        '.a .b > .c::after { content: ""; width: min(9px, calc(1vw - 0.5px)); }\n'
    )
    assert kiosk_bundle.squeeze_style(css) == (
        '.a,.b:hover{opacity:.8;margin:10.5px 0 auto}.a .b>.c::after{content:"";width:min(9px,calc(1vw - .5px))}'
    )


def test_page_keeps_its_meaning():
    page = '<p class="a b">\n  <b data-x="one">1</b> <i lang="">2</i>\n  dan\n  3\n</p>\n<img src="/a.png">\n'
    assert kiosk_bundle.squeeze_page(page) == (
        '<p class="a b"><b data-x=one>1</b> <i lang="">2</i> dan 3 </p><img src="/a.png">'
    )
