"""One script out of the tablet's modules, and what is left of a file when nobody reads it (KIOSK §14).

PURE. Not a bundler for the world: it knows the imports and exports our modules use (STYLE §6) and refuses all others.
The modules stand one after the other in one scope; what they declare gets short names of its own (kiosk_names.py).
"""

import re
from collections import Counter
from collections.abc import Callable
from posixpath import dirname, join, normpath
from typing import NamedTuple

from .kiosk_names import (
    Token,
    declared,
    frequent,
    names_used,
    renamed,
    short_names,
    text_of,
    tokens,
    top_level,
    uses,
    with_depth,
)

IMPORT = re.compile(r"""^import \{([^}]*)\} from "(\./[^"]+)";\n?""", re.M)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|class|function\*?) ([A-Za-z_$][\w$]*))", re.M)


class BundleError(ValueError):
    """A module uses what this cannot put together."""


def ordered(entry: str, read: Callable[[str], str]) -> list[str]:
    """Names of the entry and of all it imports, each after those it needs. ``read`` gives the source of a name."""
    found: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise BundleError(f"{name} imports itself")
        for other in imported(name, read(name)):
            if other not in found:
                visit(other, (*above, name))
        found[name] = None

    visit(entry, ())
    return list(found)


def imported(name: str, source: str) -> list[str]:
    return [normpath(join(dirname(name), other)) for _, other in IMPORT.findall(source)]


class Module(NamedTuple):
    code: list[Token]
    imports: dict[str, tuple[str, str]]  # name here → module and name there
    top: set[str]
    exports: set[str]


def bundle(entry: str, read: Callable[[str], str]) -> str:
    """One ES module that does what the entry does. Raises BundleError for a form of import or export it cannot take."""
    modules = {name: read_module(name, read(name)) for name in ordered(entry, read)}
    for name, module in modules.items():
        for other, wanted in module.imports.values():
            if wanted not in modules[other].exports:
                raise BundleError(f"{name}: {other} does not export {wanted}")
    return "\n".join(text_of(code) for code in _with_short_names(modules)) + "\n"


def read_module(name: str, source: str) -> Module:
    imports = {}
    for wanted, path in IMPORT.findall(source):
        for part in filter(None, map(str.strip, wanted.split(","))):
            there, _, here = part.partition(" as ")
            imports[here or there] = (normpath(join(dirname(name), path)), there)
    source = IMPORT.sub("", source)
    exports = set(EXPORT.findall(source))
    code = tokens(EXPORT.sub("", source))
    if other := _unknown_form(code):
        raise BundleError(f"{name}: {other}")
    if any(kind == "template" and "\n" in text for kind, text in code):
        raise BundleError(f"{name}: a template literal over several lines")
    return Module(code, imports, top_level(code), exports)


def _unknown_form(code: list[Token]) -> str:
    """An import or export of another kind, or something awaited outside functions."""
    for i, (kind, text), depth in with_depth(code):
        if kind == "name" and (text in ("import", "export") or (text == "await" and depth == 0)):
            return "".join(token.text for token in code[i : i + 6])
    return ""


def _with_short_names(modules: dict[str, Module]) -> list[list[Token]]:
    """Names of whole modules are short and each its own; within functions the same ones serve every module."""
    known = {name: declared(code) | set(imports) for name, (code, imports, _, _) in modules.items()}
    free = {text for name, (code, *_) in modules.items() for text in names_used(code) - known[name]}
    shorts = short_names(free)
    inner = {
        name: frequent(module.code, known[name] - module.top - set(module.imports))
        for name, module in modules.items()
    }
    pool = [next(shorts) for _ in range(max(map(len, inner.values())))]
    outer = {place: next(shorts) for place in _places(modules)}
    made = []
    for name, (code, imports, top, _) in modules.items():
        names = {here: outer[there] for here, there in imports.items()}
        names |= {each: outer[name, each] for each in top}
        made.append(renamed(code, names | dict(zip(inner[name], pool, strict=False))))
    return made


def _places(modules: dict[str, Module]) -> list[tuple[str, str]]:
    """All names of whole modules, the most used first: they get the shortest ones."""
    counted: Counter[tuple[str, str]] = Counter()
    for name, (code, imports, top, _) in modules.items():
        counted.update(dict.fromkeys(((name, each) for each in top), 0))
        for use in uses(code):
            text = code[use.at].text
            if text in top or text in imports:
                counted[imports.get(text, (name, text))] += 1
    return sorted(counted, key=lambda place: (-counted[place], place))


def squeeze_style(source: str) -> str:
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    source = re.sub(r"\s+", " ", source)
    return re.sub(r"\s*([{};,])\s*", r"\1", source).replace(": ", ":").replace(";}", "}\n").strip()


def squeeze_page(source: str) -> str:
    """No element of the shell keeps its white space, and none holds a script or a style."""
    return re.sub(r">\s+<", "> <", re.sub(r"\s+", " ", source)).strip()
