"""How a tablet is refused, and an item of a good shape that holds nothing."""

from declarations import kiosk_messages


def refused(reply, status, code):
    body = reply.json()
    assert (reply.status_code, body["error"]) == (status, code), body
    assert body["message"].endswith(".")
    kiosk_messages.KioskError.model_validate(body)
    return body


ITEM = {"id": "01931f5a-0000-7000-8000-000000000000", "seq": 0, "kid": "e1", "c": "AA"}
