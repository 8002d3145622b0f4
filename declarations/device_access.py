"""Which tablet is asking, and may it ask this now? The allow-list of KIOSK.md §9."""

from ninja.security import HttpBearer

from accounts.api import ApiError
from events.devices import drain_when_over
from events.models import Device

State = Device.State

HANDING_IN = (State.PAIRED, State.ACTIVE, State.DRAINING)
READING = (State.PAIRED, State.ACTIVE)
ALLOWED = {
    "roster": READING,
    "sync": HANDING_IN,
    "heartbeat": HANDING_IN,
    "time": HANDING_IN,
    "unpair": HANDING_IN,
}
REVOKED = "Perangkat dicabut. Tanda tangan yang masih ada di tablet ini tetap aman; hubungi admin."
DRAINING = (
    "Perangkat sedang dikosongkan: daftar peserta tidak dikirim lagi, tetapi data masih dapat diserahkan."
)


class DeviceAuth(HttpBearer):
    """``Authorization: Bearer nk1_…``: 401 for an unknown token, 410 once revoked, 403 for what its state forbids."""

    openapi_bearerFormat = "nk1_…"

    def __init__(self, operation: str):
        self.operation = operation
        super().__init__()

    def authenticate(self, request, token: str) -> Device | None:
        device = Device.objects.find(token)
        if device is None:
            return None
        device = drain_when_over(device)
        if device.state in ALLOWED[self.operation] or self._may_wipe_itself(device):
            return device
        if device.state == State.REVOKED:
            raise ApiError(410, "revoked", REVOKED)
        raise ApiError(403, "draining", DRAINING)

    def _may_wipe_itself(self, device: Device) -> bool:
        """Revoked because it had nothing left, or let go with a reply that got lost: only ``unpair`` frees the tablet."""
        return self.operation == "unpair" and device.cut_off_at is None
