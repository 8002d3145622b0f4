"""Names and telephone numbers of people. Pure: no database, no request (DOMAIN §9.3).

The rules of identity numbers live in ``identity.py`` and are offered here as well, so that one import is enough.
"""

import re
import unicodedata

from .identity import (
    IdentityResult,
    category_from_nip,
    identity_kind_for,
    labelled_number,
    mask,
    parse_identity,
    print_number,
    squeezed,
)

__all__ = [
    "IdentityResult",
    "category_from_nip",
    "hidden_phone",
    "identity_kind_for",
    "labelled_number",
    "mask",
    "military_name",
    "name_problem",
    "normalise_phone",
    "parse_identity",
    "print_number",
    "printed_name",
    "shown_phone",
    "tidy",
]

INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
PHONE_SIGNS = re.compile(r"[()/]")
PHONE_HELP = "Nomor HP tidak sah. Contoh: 0812 3456 7890."


def printed_name(prefix: str, name: str, suffix: str) -> str:
    """``Drs. H. Ahmad Fauzi, M.Si.``: blank after the prefix, comma before the suffix; case is never changed."""
    full = " ".join(part for part in (prefix.strip(), name.strip()) if part)
    return f"{full}, {suffix.strip()}" if full and suffix.strip() else full


def military_name(rank: str, prefix: str, name: str, suffix: str) -> str:
    """``LETTU ARM BUDI SANTOSO, S.H.``: TNI and Polri sign in capitals with rank and corps; titles stay as written."""
    head = " ".join(part for part in (rank.strip().upper(), prefix.strip()) if part)
    return printed_name(head, name.strip().upper(), suffix)


def tidy(text: str) -> str:
    """One line of typed text: NFC, no invisible or control characters, single blanks. Case stays."""
    return " ".join(INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def name_problem(name: str) -> str:
    """What is wrong with a tidy name, or "". Single names, apostrophes, dots and dashes are all normal."""
    if name and not any(character.isalpha() for character in name):
        return "Nama harus berisi huruf."
    if re.search(r"\d{8}", re.sub(r"[\s.-]", "", name)):
        return "Nama memuat nomor panjang. Tulis nomor identitas pada kolomnya sendiri."
    return ""


def normalise_phone(raw: str) -> str:
    """``+6281234567890`` from what people type (0812…, 62812…, 812…); "" for nothing; ValueError in Indonesian."""
    if not tidy(str(raw)):
        return ""
    digits = PHONE_SIGNS.sub("", squeezed(str(raw)))
    if not re.fullmatch(r"\+?[0-9]{6,15}", digits):
        raise ValueError(PHONE_HELP)
    number = _with_country(digits)
    national = number.removeprefix("+62")
    if number.startswith("+62") and not re.fullmatch(r"8[0-9]{8,11}|[2-79][0-9]{6,10}", national):
        raise ValueError(PHONE_HELP)
    return number


def _with_country(digits: str) -> str:
    if digits.startswith("+"):
        # "+62 0812…" is a common slip.
        return re.sub(r"^\+620", "+62", digits)
    if digits.startswith("62"):
        return re.sub(r"^620?", "+62", digits)
    if digits.startswith("0"):
        return "+62" + digits[1:]
    if digits.startswith("8"):  # a spreadsheet took the leading zero away
        return "+62" + digits
    raise ValueError(PHONE_HELP)


def shown_phone(number: str) -> str:
    """``081234567890``: how Indonesian numbers are shown; foreign ones keep their plus sign."""
    return "0" + number.removeprefix("+62") if number.startswith("+62") else number


def hidden_phone(phone: str) -> str:
    """``0812•••6789``: enough to recognise a number, not enough to spread it with the list."""
    return f"{phone[:4]}•••{phone[-4:]}" if len(phone) > 8 else ""


def masked_email(address: str) -> str:
    """``c***@contoh.test``: enough to recognise the own one; "" for none."""
    name, at, house = address.partition("@")
    return f"{name[:1]}***@{house}" if at else ""
