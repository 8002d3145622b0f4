"""Short names change what is read, never what is done: each piece of script is run before and after."""

import subprocess

import pytest

from declarations import kiosk, kiosk_bundle
from declarations.kiosk_names import (
    SqueezeError,
    declared,
    names_used,
    renamed,
    short_names,
    text_of,
    tokens,
    top_level,
)

# What the app may take from the browser without declaring it. A name that appears here by mistake is one this
# module failed to recognise as ours.
OF_THE_BROWSER = """
AbortController Array AudioContext Blob Boolean Date Error File Intl JSON Map Math Number Object Promise ResizeObserver
Set String Symbol TextEncoder TypeError URL URLSearchParams Uint8Array addEventListener atob btoa caches clearInterval
clearTimeout crypto document fetch globalThis history indexedDB localStorage location matchMedia navigator parseInt
performance screen scrollTo sessionStorage setInterval setTimeout
"""

PIECES = [
    "const value = 1; const box = { value, other: value }; log(box.value, box.other, box['value']);",
    "const { alpha, beta: gamma, delta = alpha } = { alpha: 1, beta: 2 }; log({ alpha, gamma, delta });",
    "const pick = ({ left, right: [first, ...rest] }, size = rest.length) => ({ left, first, size });"
    "log(pick({ left: 1, right: [2, 3, 4] }));",
    "class Thing { constructor(name) { this.name = name; } get label() { return `<${this.name}>`; }"
    "static make(name) { return new Thing(name); } async later() { return this.label; } *each() { yield 1; } }"
    "log(Thing.make('x').label, [...new Thing('y').each()]); new Thing('z').later().then(log);",
    "function outer(value) { const inner = (value) => value * 2; return inner(value) + value; } log(outer(4));",
    "const words = { text: 'a', say(text) { return text + this.text; }, async wait() { return 1; } };"
    "log(words.say('b')); words.wait().then(log);",
    "const flag = true; const one = 1; const two = 2; log(flag ? one : two, flag ? { one } : { two });",
    "const name = 'x'; log(`a ${name} ${`b ${[name].map((each) => `${each}!`).join('')}`} {c}`, name.length);",
    "const text = 'a/b'; log(text.replace(/[/\"`]/g, ' '), 4 / 2 / 1, /=>/.test('=>'), [1].length / 1);",
    "try { throw new Error('no'); } catch (problem) { log(problem.message); } finally { log('end'); }",
    "for (const [key, value] of Object.entries({ a: 1 })) log(key, value); for (let i = 0, n = 2; i < n; i += 1) log(i);",
    "let a = 1; let b = a++ + +a; b -= -1; const c = a - -b; log(a, b, c, typeof a, void 0);",
    "const list = [1, 2, ,].length; const none = () => {}; log(list, none(), (() => ({ list }))());",
    "const { length } = 'abc'; switch (length) { case 3: log('three'); break; default: log(length); }",
    "const by = (key) => (one, two) => one[key] - two[key]; log([{ n: 2 }, { n: 1 }].sort(by('n')));",
    "const a_ = null; const found = a_?.b ?? 'none'; const old = a_ && a_.b; log(found, old, 0.5 + .5, 1e3, 0xff);",
    "const o = { get size() { return 2; }, set size(value) { log(value); }, [`k${1}`]: 3 }; o.size = 5; log(o);",
    "if (true) { log('yes'); } else { log('no'); } while (false); do { log('once'); } while (false);",
]


def run(script: str) -> str:
    script = "const log = (...all) => console.log(JSON.stringify(all));\n" + script
    command = ["node", "--input-type=module", "-"]
    return subprocess.run(command, input=script, capture_output=True, text=True, check=True).stdout


def shortened(source: str) -> str:
    code = tokens(source)
    ours = declared(code)
    names = dict(zip(sorted(ours), short_names(names_used(code) - ours), strict=False))
    return text_of(renamed(code, names))


@pytest.mark.parametrize("source", PIECES)
def test_shortened_script_does_the_same(source):
    made = shortened(source)
    assert run(made) == run(source)
    assert len(made) < len(source)


def test_names_of_the_browser_are_never_shortened():
    for name in kiosk_bundle.ordered(kiosk.ENTRY, kiosk.source):
        module = kiosk_bundle.read_module(name, kiosk.source(name))
        strange = names_used(module.code) - declared(module.code) - set(module.imports)
        assert strange - set(OF_THE_BROWSER.split()) == set(), name


def test_two_modules_with_equal_names_do_not_meet():
    modules = {
        "a.js": 'import { say } from "./b.js";\nconst word = "a";\nconsole.log(word, say());\n',
        "b.js": 'const word = "b";\nexport function say() {\n  const say = word;\n  return say;\n}\n',
    }
    assert run(kiosk_bundle.bundle("a.js", modules.__getitem__)) == "a b\n"


def test_what_is_not_exported_cannot_be_imported():
    modules = {"a.js": 'import { say } from "./b.js";\n', "b.js": "const say = 1;\n"}
    with pytest.raises(kiosk_bundle.BundleError, match="does not export say"):
        kiosk_bundle.bundle("a.js", modules.__getitem__)


def test_top_level_is_what_stands_outside_functions():
    code = tokens(
        "const a = (b) => { const c = b; return c; }; let [d, e] = f; class G { h() {} } function* i(j) {}"
    )
    assert top_level(code) == {"a", "d", "e", "G", "i"}
    assert declared(code) == {"a", "b", "c", "d", "e", "G", "i", "j"}


@pytest.mark.parametrize("source", ["const a = 'open;", "const § = 1;"])
def test_unreadable_script_is_refused(source):
    with pytest.raises(SqueezeError):
        tokens(source)


def test_whole_script_is_smaller_than_its_parts_and_still_a_script(tmp_path):
    made = tmp_path / "kios.mjs"
    made.write_text(kiosk.script())
    subprocess.run(["node", "--check", str(made)], check=True)
    parts = [kiosk.source(name) for name in kiosk_bundle.ordered(kiosk.ENTRY, kiosk.source)]
    assert made.stat().st_size < 0.65 * len("".join(parts))
