"""Addresses of the pages of a paper."""

from django.urls import reverse


def url(name, *args):
    return reverse(f"declarations:{name}", args=args)


def add_url(event):
    return url("declaration_add", event.code)
