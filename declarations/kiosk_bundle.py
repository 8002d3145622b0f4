"""Which modules a module needs, and what is left of a style or a page when nobody reads it (KIOSK §14).

PURE. Knows the form of import our modules use (STYLE §6), as the rewriting of static files does.
"""

import re
from collections.abc import Callable
from posixpath import dirname, join, normpath

IMPORT = re.compile(r"""^import \{[^}]*\} from "(\./[^"]+)";""", re.M)


class BundleError(ValueError):
    """The modules cannot be put in an order."""


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
    return [normpath(join(dirname(name), other)) for other in IMPORT.findall(source)]


def squeeze_style(source: str) -> str:
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    source = re.sub(r"\s+", " ", source)
    source = re.sub(r"\s*([{};,>~])\s*", r"\1", source).replace(": ", ":").replace(";}", "}")
    return re.sub(r"(?<=[: (])0\.", ".", source).strip()


def squeeze_page(source: str) -> str:
    """Between elements a line break is no space. No element of the shell keeps its own, none is a script or a style."""
    source = re.sub(r"\s+", " ", re.sub(r">\s*\n\s*<", "><", source)).strip()
    return re.sub(r'="([\w-]+)"', r"=\1", source)
