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
    css = '/* soft */\n.a , .b:hover { color: red;\n  margin: 0 auto; }\n.a .b > .c::after { content: ""; }\n'
    assert kiosk_bundle.squeeze_style(css) == (
        '.a,.b:hover{color:red;margin:0 auto}\n.a .b > .c::after{content:""}'
    )
