"""``{% load indonesian %}``: the wording of papers for templates; an empty value prints nothing."""

from datetime import datetime

from django import template
from django.utils import timezone

from regions import SOURCE_NOTE, wording, zones

register = template.Library()


def _zone(value, tz):
    """The zone whose calendar counts: the one given, else that of the office (the active one)."""
    return tz or (timezone.get_current_timezone() if isinstance(value, datetime) else None)


@register.filter
def long_date(value, tz=None):
    return wording.long_date(value, _zone(value, tz)) if value else ""


@register.filter
def long_date_no_day(value, tz=None):
    return wording.long_date_no_day(value, _zone(value, tz)) if value else ""


@register.filter
def date_in_words(value, tz=None):
    return wording.date_in_words(value, _zone(value, tz)) if value else ""


@register.filter
def clock(value, tz):
    return wording.clock(value, tz) if value is not None and value != "" else ""


@register.filter
def clock_with_zone(value, tz):
    return wording.clock_with_zone(value, tz) if value is not None and value != "" else ""


@register.filter
def in_words(value):
    return wording.in_words(value) if value is not None and value != "" else ""


@register.filter
def number(value):
    return wording.number(value) if value is not None and value != "" else ""


@register.filter
def roman(value):
    return wording.roman(value) if value else ""


@register.filter
def zone_label(value):
    return zones.zone_label(value) if value else ""


@register.simple_tag
def region_source_note():
    """The sentence that names source and licence of the region data."""
    return SOURCE_NOTE
