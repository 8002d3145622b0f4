"""Addresses of the pages of a paper."""

from django.urls import reverse


def url(name, paper, *rest):
    return reverse(f"declarations:{name}", args=[paper.pk, *rest])
