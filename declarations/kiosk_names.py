"""Short names and no white space for the tablet's script (KIOSK §14), without understanding the language.

PURE. Reads tokens and tells by their neighbours whether a name is a variable or a property. Variables that a module
declares get short names, the same everywhere in the module, so scopes and shadowing stay as they are; properties, and
names nobody declares (those of the browser), are left alone. ``tests/declarations/test_kiosk_names.py`` runs the result.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from string import ascii_letters, digits
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<name>[A-Za-z_$][\w$]*)
      | (?P<number>0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<sign>>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}()\[\];,<>+\-*/%&|^!~?:=.@#])""",
    re.X | re.S,
)
REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.S)
KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "async await break case catch class const continue default delete do else export extends false finally for from "
        "function get if import in instanceof let new null of return set static super switch this throw true try typeof "
        "undefined void while yield",
    )
)
AHEAD_OF_REGEX = frozenset(re.findall(r"\w+", "return typeof case in of delete void throw new else do await"))
CONDITIONS = frozenset(("if", "for", "while", "switch", "catch", "with"))
OPENING, CLOSING = "([{", ")]}"


class Token(NamedTuple):
    kind: str  # name, number, string, regex, template, sign
    text: str


class SqueezeError(ValueError):
    """A module holds something this cannot read."""


# -- tokens ------------------------------------------------------------------------------------------------------


def tokens(source: str) -> list[Token]:
    """All tokens but white space and comments. A template is cut at its ``${`` and ``}``."""
    found: list[Token] = []
    braces: list[bool] = []  # for each open brace: is it the ${ of a template?
    at = 0
    while at < len(source):
        kind, match = _next(source, at, found)
        text, at = match[0], match.end()
        if kind == "template" or text == "{":
            if kind != "template" or text.endswith("${"):
                braces.append(kind == "template")
        elif text == "}" and braces and braces.pop():
            rest = TEMPLATE.match(source, at)
            kind, text, at = "template", "}" + rest[0], rest.end()
            if text.endswith("${"):
                braces.append(True)
        if kind != "space":
            found.append(Token(kind, text))
    return found


def _next(source: str, at: int, before: list[Token]):
    if source[at] == "`":
        rest = TEMPLATE.match(source, at + 1)
        if rest:
            return "template", re.compile(re.escape("`" + rest[0])).match(source, at)
    starts_comment = source[at : at + 2] in ("//", "/*")
    if source[at] == "/" and not starts_comment and _regex_may_follow(before):
        match = REGEX.match(source, at)
        if match:
            return "regex", match
    match = TOKEN.match(source, at)
    if not match:
        raise SqueezeError(f"cannot read: {source[at : at + 30]!r}")
    return match.lastgroup, match


def _regex_may_follow(before: list[Token]) -> bool:
    if not before:
        return True
    kind, text = before[-1]
    if kind == "name":
        return text in AHEAD_OF_REGEX
    return kind == "sign" and text not in (")", "]", "}")


# -- which names are variables -----------------------------------------------------------------------------------


class Use(NamedTuple):
    """A variable at a place among the tokens. ``shorthand``: it also names a property, as in ``{ name }``."""

    at: int
    shorthand: bool


def uses(found: list[Token]) -> Iterator[Use]:
    """Every place where a name stands for a variable."""
    around = ["block"]  # kinds of the open brackets: block, object, class, (, [, template
    class_ahead = False
    for i, token in enumerate(found):
        kind, text = token
        before = found[i - 1].text if i else ""
        closes, opens = _brackets(token)
        if closes:
            around.pop()
        if opens:
            around.append(_bracket(found, i, class_ahead))
            class_ahead = class_ahead and text != "{"
        if kind == "name" and text == "class" and before != ".":
            class_ahead = True
        elif kind == "name" and text not in KEYWORDS and before not in (".", "?."):
            yield from _use(found, i, around[-1])


def _bracket(found: list[Token], i: int, class_ahead: bool) -> str:
    """What the opening bracket at ``i`` holds."""
    if found[i].text != "{":
        return found[i].kind if found[i].kind == "template" else found[i].text
    if class_ahead:
        return "class"
    kind, text = found[i - 1] if i else Token("sign", ";")
    if kind == "sign":
        return "block" if text in (")", ";", "{", "}", "=>") else "object"
    return "block" if text in ("else", "try", "finally", "do", "catch") else "object"


def _use(found: list[Token], i: int, here: str) -> list[Use]:
    """The name at ``i`` as a variable; nothing when it only names a property."""
    before = found[i - 1].text if i else ""
    after = found[i + 1].text if i + 1 < len(found) else ""
    if here == "class":
        is_member = after == "(" or before in ("static", "get", "set")
        return [] if is_member else [Use(i, False)]
    if here != "object" or before not in ("{", ",", "async", "get", "set", "*"):
        return [Use(i, False)]
    is_key = after in (":", "(") or before not in ("{", ",")
    return [] if is_key else [Use(i, after in (",", "}", "="))]


# -- which variables the module declares -------------------------------------------------------------------------


def declared(found: list[Token]) -> set[str]:
    names: set[str] = set()
    for i, (kind, text) in enumerate(found):
        after = found[i + 1] if i + 1 < len(found) else Token("sign", "")
        if kind == "name" and text in ("const", "let"):
            names |= _bindings(found, i + 1)
        elif kind == "name" and text in ("class", "function"):
            name = found[i + 2] if after.text == "*" else after
            if name.kind == "name" and name.text not in KEYWORDS:
                names.add(name.text)
        elif kind == "name" and after.text == "=>":
            names.add(text)
        elif text == "(" and _are_parameters(found, i):
            names |= _pattern(found, i)
    return names


def top_level(found: list[Token]) -> set[str]:
    """What the module itself declares, outside every function and block."""
    names: set[str] = set()
    for i, (kind, text), depth in with_depth(found):
        if depth == 0 and kind == "name" and text in ("const", "let"):
            names |= _bindings(found, i + 1)
        elif depth == 0 and kind == "name" and text in ("class", "function"):
            names.add(found[i + 2 if found[i + 1].text == "*" else i + 1].text)
    return names


def names_used(found: list[Token]) -> set[str]:
    return {found[use.at].text for use in uses(found)}


def with_depth(found: list[Token]) -> Iterator[tuple[int, Token, int]]:
    """Place, token and how many brackets are open around it; an opening bracket stands outside what it opens."""
    depth = 0
    for i, token in enumerate(found):
        closes, opens = _brackets(token)
        depth -= closes
        yield i, token, depth
        depth += opens


def _brackets(token: Token) -> tuple[bool, bool]:
    """Does the token close, does it open a bracket?"""
    if token.kind == "template":
        return token.text.startswith("}"), token.text.endswith("${")
    return token.kind == "sign" and token.text in CLOSING, token.kind == "sign" and token.text in OPENING


def _bindings(found: list[Token], i: int) -> set[str]:
    """What one ``const`` or ``let`` declares: patterns, or names parted by commas."""
    names: set[str] = set()
    while True:
        if found[i].text in ("{", "["):
            names |= _pattern(found, i)
            i = _end(found, i) + 1
        else:
            names.add(found[i].text)
            i += 1
        while i < len(found) and found[i].text not in (",", ";", "of", "in"):
            i = _end(found, i) + 1 if _brackets(found[i])[1] else i + 1
        if i >= len(found) or found[i].text != ",":
            return names
        i += 1


def _pattern(found: list[Token], start: int) -> set[str]:
    names = set()
    for i in range(start + 1, _end(found, start)):
        kind, text = found[i]
        binds = found[i - 1].text in ("{", "[", "(", ",", ":", "...") and found[i + 1].text in (
            ",",
            "}",
            "]",
            ")",
            "=",
        )
        if kind == "name" and text not in KEYWORDS and binds:
            names.add(text)
    return names


def _are_parameters(found: list[Token], start: int) -> bool:
    after = found[_end(found, start) + 1 : _end(found, start) + 2]
    before = found[start - 1] if start else Token("sign", "")
    if not after:
        return False
    if after[0].text == "=>" or before.text == "catch":
        return True
    return after[0].text == "{" and before.kind == "name" and before.text not in CONDITIONS


def _end(found: list[Token], start: int) -> int:
    """Place of the bracket that closes the one at ``start``."""
    depth = 0
    for i in range(start, len(found)):
        closes, opens = _brackets(found[i])
        depth += opens - closes
        if depth == 0:
            return i
    raise SqueezeError("a bracket is not closed")


# -- writing -----------------------------------------------------------------------------------------------------


def short_names(taken: Iterable[str]) -> Iterator[str]:
    """a, b, … aa, ab, … without those in ``taken``."""
    used = KEYWORDS | set(taken)
    for length in (1, 2, 3):
        for first, *rest in product(ascii_letters, *[ascii_letters + digits] * (length - 1)):
            if (name := "".join((first, *rest))) not in used:
                yield name


def renamed(found: list[Token], names: dict[str, str]) -> list[Token]:
    result = list(found)
    for at, shorthand in uses(found):
        old = found[at].text
        if old in names:
            result[at] = Token("name", f"{old}:{names[old]}" if shorthand else names[old])
    return result


def frequent(found: list[Token], names: set[str]) -> list[str]:
    counted = Counter(found[use.at].text for use in uses(found))
    return sorted(names, key=lambda name: (-counted[name], name))


def text_of(found: list[Token]) -> str:
    """With only the white space the language needs, and without commas and semicolons before a closing bracket."""
    out: list[str] = []
    for i, (_, text) in enumerate(found):
        after = found[i + 1].text if i + 1 < len(found) else ""
        if text == "," and after in ("}", "]", ")") and out[-1] not in (",", "["):
            continue
        if text == ";" and after == "}" and out[-1] not in (")", ";"):
            continue
        last = out[-1] if out else ""
        if last and (_sticks(last[-1], text[0]) or (last[-1] in "+-" and last[-1] == text[0])):
            out.append(" ")
        out.append(text)
    return "".join(out)


def _sticks(one: str, two: str) -> bool:
    return (one.isalnum() or one in "_$") and (two.isalnum() or two in "_$")
