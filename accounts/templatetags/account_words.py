"""``{% load account_words %}``: allauth's forms in the words of the glossary (DOMAIN §14)."""

from django import template

register = template.Library()

LABELS = {
    "login": "Alamat surel",
    "email": "Alamat surel",
    "password": "Kata sandi",
    "oldpassword": "Kata sandi sekarang",
    "password1": "Kata sandi baru",
    "password2": "Ulangi kata sandi baru",
    "code": "Kode autentikator",
    "name": "Nama kunci",
    "passwordless": "Kunci ini cukup untuk masuk tanpa kata sandi",
}
HELP_TEXTS = {
    "password": "",
    "oldpassword": "",
    "password1": "Paling sedikit 12 karakter, bukan hanya angka, dan bukan kata sandi yang umum dipakai.",
}


@register.filter
def in_our_words(form):
    """The same form with our labels and help texts."""
    for bound in form:
        name, field = bound.name, bound.field
        bound.label = field.label = LABELS.get(name, bound.label)
        bound.help_text = field.help_text = HELP_TEXTS.get(name, bound.help_text)
        field.widget.attrs.pop("placeholder", None)
    return form
