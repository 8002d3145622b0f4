"""One script out of the tablet's modules, and what is left of a file when nobody reads it (KIOSK §14: ≤ 30 KB).

PURE. Not a bundler for the world: it knows the imports and exports our modules use (STYLE §6) and refuses all others.
Each module becomes a function that returns its exports, so equal names in two modules do not meet.
"""

import re
from collections.abc import Callable
from posixpath import dirname, join, normpath

IMPORT = re.compile(r"""^import \{([^}]*)\} from "(\./[^"]+)";\n?""", re.M)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|class|function\*?) ([A-Za-z_$][\w$]*))", re.M)
OTHER = re.compile(r"^(?:import|export)\b.*|\bimport\(.*|^(?:await|for await)\b.*", re.M)
BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n?", re.M | re.S)
LINE_COMMENT = re.compile(r"^[ \t]*//.*\n?", re.M)
END_COMMENT = re.compile(r"(?<=[;{,]) // .*$", re.M)
INDENT = re.compile(r"^[ \t]+|^\n", re.M)
TEXT = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`')
STRING = re.compile(r'("(?:\\.|[^"\\])*")')
# White space beside these means nothing; + and - are left alone, and so are the ends of lines.
LOOSE = re.compile(r" *([{}()\[\]=<>*?:&|,;!]) *")
JOINED = re.compile(r"(?<=[;{,(\[])\n")


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


def bundle(entry: str, read: Callable[[str], str]) -> str:
    """One ES module that does what the entry does. Raises BundleError for a form of import or export it cannot take."""
    names = ordered(entry, read)
    number = {name: f"m{i}" for i, name in enumerate(names)}
    return "".join(_wrapped(name, read(name), number) for name in names)


def _wrapped(name: str, source: str, number: dict[str, str]) -> str:
    def asked(match: re.Match) -> str:
        wanted = ", ".join(part.strip().replace(" as ", ": ") for part in match[1].split(",") if part.strip())
        return f"const {{ {wanted} }} = {number[normpath(join(dirname(name), match[2]))]};\n"

    code = IMPORT.sub(asked, _without_comments(name, source))
    exports = [match[1] for match in EXPORT.finditer(code)]
    code = EXPORT.sub("", code)
    if other := OTHER.search(code):
        raise BundleError(f"{name}: {other[0]}")
    code = JOINED.sub("", "\n".join(_tight(line) for line in INDENT.sub("", code).splitlines()))
    return f"const {number[name]}=(()=>{{{code}\nreturn{{{','.join(exports)}}}}})();\n"


def _without_comments(name: str, source: str) -> str:
    for pattern in (BLOCK_COMMENT, LINE_COMMENT, END_COMMENT):
        source = pattern.sub("", source)
    for line in source.splitlines():
        if line.count("`") % 2:
            raise BundleError(f"{name}: a template literal over several lines")
        if re.search(r"(?:^|\s)//", TEXT.sub("", line)):
            raise BundleError(f"{name}: a comment after the code, {line.strip()}")
    return source


def _tight(line: str) -> str:
    """A line without the blanks its words do not need. Lines with a template, a regular expression or a division stay."""
    if re.search(r"[`'/\\]", STRING.sub("", line)):
        return line
    parts = STRING.split(line)
    return "".join(part if i % 2 else LOOSE.sub(r"\1", part) for i, part in enumerate(parts))


def squeeze_style(source: str) -> str:
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    source = re.sub(r"\s+", " ", source)
    return re.sub(r"\s*([{};,])\s*", r"\1", source).replace(": ", ":").replace(";}", "}\n").strip()


def squeeze_page(source: str) -> str:
    """No element of the shell keeps its white space, and none holds a script or a style."""
    return re.sub(r">\s+<", "> <", re.sub(r"\s+", " ", source)).strip()
