"""One script out of modules: it does what they do, and what it cannot put together it refuses."""

import subprocess

import pytest

from declarations import kiosk_bundle
from declarations.kiosk_bundle import BundleError, bundle, ordered

MODULES = {
    "js/main.js": """
        /** Says both. */
        import { word } from "./words.js";
        import {
          number as count,
          tight,
          twice,
        } from "./numbers.js";

        const name = "main"; // meets nobody else's name
        console.log(`${word} ${twice(count)} ${name} http://x // stays`, tight.join());
    """,
    "js/words.js": """
        import { number } from "./numbers.js";
        const name = "words";
        export const word = `${name}${number}`;
    """,
    "js/numbers.js": """
        const name = "numbers";
        export const number = 21;
        export function twice(n) {
          // twice itself
          return name ? n * 2 : 0;
        }
        export class Unused {}
        export const tight = [1 + +1, 6 / 3, / {2}/.test("a  ;  b"), "a , b = c"];
        export async function later() {}
    """,
}


def dedent(modules):
    return {name: "\n".join(line[8:] for line in text.splitlines()) + "\n" for name, text in modules.items()}


def run(script: str) -> str:
    return subprocess.run(
        ["node", "--input-type=module", "-"], input=script, capture_output=True, text=True, check=True
    ).stdout


def test_bundle_does_what_its_modules_do():
    made = bundle("js/main.js", dedent(MODULES).__getitem__)
    assert run(made) == "words21 42 main http://x // stays 2,2,true,a , b = c\n"
    assert "twice itself" not in made
    assert "Says both" not in made


def test_modules_come_after_those_they_need():
    assert ordered("js/main.js", dedent(MODULES).__getitem__) == [
        "js/numbers.js",
        "js/words.js",
        "js/main.js",
    ]


@pytest.mark.parametrize(
    "line",
    [
        'import x from "./numbers.js";',
        'import * as x from "./numbers.js";',
        'import "./numbers.js";',
        'import { number } from "./numbers.js"',
        "export default 1;",
        "export let changing = 1;",
        "export { word };",
        'export { number } from "./numbers.js";',
        '  const late = import("./numbers.js");',
        "await later();",
        "const text = `two\nlines`;",
    ],
)
def test_form_it_does_not_know_is_refused(line):
    modules = dedent(MODULES) | {"js/words.js": line + "\nexport const word = 1;\n"}
    with pytest.raises(BundleError):
        bundle("js/main.js", modules.__getitem__)


def test_circle_is_refused():
    modules = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    with pytest.raises(BundleError, match="imports itself"):
        bundle("a.js", modules.__getitem__)


def test_style_keeps_its_meaning():
    css = '/* soft */\n.a , .b:hover { color: red;\n  margin: 0 auto; }\n.a .b > .c::after { content: ""; }\n'
    assert kiosk_bundle.squeeze_style(css) == (
        '.a,.b:hover{color:red;margin:0 auto}\n.a .b > .c::after{content:""}'
    )
