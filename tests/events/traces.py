"""What a deed on the list of attendees leaves behind: the errors of its form, its entries in the audit log."""

from accounts.models import AuditEntry


def errors(response):
    assert response.status_code == 200
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def entries(event):
    return AuditEntry.objects.filter(stream_id=event.audit_stream)
