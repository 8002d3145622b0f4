"""Files to verify: the evidence they carry, a byte that was changed, and the verdicts by name."""

from accounts.canonical import canonical_bytes

SCHEMA = "uji/1"
EVIDENCE = canonical_bytes({"schema": SCHEMA, "signatories": 2})


def statuses(report) -> dict[str, str]:
    return {name: str(check.status) for name, check in report.checks.items()}


def flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 0x10]) + data[position + 1 :]
