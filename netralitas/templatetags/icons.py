import re
from functools import cache

from django import template
from django.conf import settings
from django.utils.safestring import mark_safe

register = template.Library()
NAME = re.compile(r"^[a-z0-9-]+$")


@cache
def _svg(name: str) -> str:
    if not NAME.match(name):
        raise template.TemplateSyntaxError(f"No icon is called {name!r}.")
    source = (settings.ICON_DIR / f"{name}.svg").read_text()
    inner = re.sub(r"\s+", " ", source[source.index(">") + 1 : source.rindex("</svg>")]).strip()
    return (
        '<svg class="icon" width="16" height="16" viewBox="0 0 16 16" fill="currentColor" '
        f'aria-hidden="true" focusable="false">{inner}</svg>'
    )


@register.simple_tag
def icon(name: str) -> str:
    """Inline one SVG of bootstrap-icons; decoration only, so always next to words."""
    return mark_safe(_svg(name))  # noqa: S308 - our own package file
