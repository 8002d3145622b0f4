"""Names, titles and identity numbers of people. Pure: no database, no request (DOMAIN §9)."""


def printed_name(prefix: str, name: str, suffix: str) -> str:
    """``Drs. H. Ahmad Fauzi, M.Si.``: blank after the prefix, comma before the suffix; case is never changed."""
    full = " ".join(part for part in (prefix.strip(), name.strip()) if part)
    return f"{full}, {suffix.strip()}" if full and suffix.strip() else full
