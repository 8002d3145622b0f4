"""What each role may do (DESIGN §6). Closed by default: what is not in the table is forbidden."""

from enum import StrEnum

from django.db.models import TextChoices


class Role(TextChoices):
    ADMINISTRATOR = "administrator", "Administrator"
    ORGANIZER = "organizer", "Penyelenggara"
    OPERATOR = "operator", "Operator"
    SUPERVISOR = "supervisor", "Pengawas wilayah"
    VIEWER = "viewer", "Pembaca"


class Permission(StrEnum):
    EVENT_VIEW = "event.view"
    EVENT_PLAN = "event.plan"
    EVENT_RUN = "event.run"
    EVENT_CLOSE = "event.close"
    DECLARATION_EDIT = "declaration.edit"
    DECLARATION_SEAL = "declaration.seal"
    SIGNATURE_REVIEW = "signature.review"
    TEXT_VIEW = "text.view"
    TEXT_EDIT = "text.edit"
    TEXT_APPROVE = "text.approve"
    DOCUMENT_VIEW = "document.view"
    ARCHIVE_EXPORT = "archive.export"
    RECAP_VIEW = "recap.view"
    REPORT_RECEIVE = "report.receive"
    IDENTITY_UNMASK = "identity.unmask"
    ATTENDEE_EXPORT = "attendee.export"
    OFFICE_MANAGE = "office.manage"
    USER_MANAGE = "user.manage"
    AUDIT_VIEW = "audit.view"

    @property
    def label(self) -> str:
        return PERMISSION_LABELS[self]


PERMISSION_LABELS: dict[Permission, str] = {
    Permission.EVENT_VIEW: "melihat kegiatan",
    Permission.EVENT_PLAN: "merencanakan kegiatan",
    Permission.EVENT_RUN: "menjalankan hari kegiatan",
    Permission.EVENT_CLOSE: "menutup kegiatan",
    Permission.DECLARATION_EDIT: "menyusun deklarasi",
    Permission.DECLARATION_SEAL: "menyegel deklarasi",
    Permission.SIGNATURE_REVIEW: "meninjau tanda tangan",
    Permission.TEXT_VIEW: "membaca naskah",
    Permission.TEXT_EDIT: "menyusun naskah",
    Permission.TEXT_APPROVE: "menyetujui naskah",
    Permission.DOCUMENT_VIEW: "membuka dan mengunduh dokumen tersegel",
    Permission.ARCHIVE_EXPORT: "mengekspor arsip",
    Permission.RECAP_VIEW: "melihat rekapitulasi",
    Permission.REPORT_RECEIVE: "menerima laporan kegiatan",
    Permission.IDENTITY_UNMASK: "membuka nomor identitas",
    Permission.ATTENDEE_EXPORT: "mengekspor daftar peserta",
    Permission.OFFICE_MANAGE: "mengelola data kantor",
    Permission.USER_MANAGE: "mengelola akun dan penugasan",
    Permission.AUDIT_VIEW: "membaca log audit",
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.OFFICE_MANAGE,
            Permission.USER_MANAGE,
            Permission.AUDIT_VIEW,
            Permission.TEXT_VIEW,
        }
    ),
    Role.ORGANIZER: frozenset(
        {
            Permission.EVENT_VIEW,
            Permission.EVENT_PLAN,
            Permission.EVENT_RUN,
            Permission.EVENT_CLOSE,
            Permission.DECLARATION_EDIT,
            Permission.DECLARATION_SEAL,
            Permission.SIGNATURE_REVIEW,
            Permission.TEXT_VIEW,
            Permission.TEXT_EDIT,
            Permission.DOCUMENT_VIEW,
            Permission.ARCHIVE_EXPORT,
            Permission.RECAP_VIEW,
            Permission.IDENTITY_UNMASK,
            Permission.ATTENDEE_EXPORT,
            Permission.AUDIT_VIEW,
        }
    ),
    Role.OPERATOR: frozenset({Permission.EVENT_VIEW, Permission.EVENT_RUN, Permission.TEXT_VIEW}),
    Role.SUPERVISOR: frozenset(
        {
            Permission.EVENT_VIEW,
            Permission.TEXT_VIEW,
            Permission.TEXT_APPROVE,
            Permission.DOCUMENT_VIEW,
            Permission.ARCHIVE_EXPORT,
            Permission.RECAP_VIEW,
            Permission.REPORT_RECEIVE,
            Permission.IDENTITY_UNMASK,
            Permission.AUDIT_VIEW,
        }
    ),
    Role.VIEWER: frozenset({Permission.TEXT_VIEW, Permission.DOCUMENT_VIEW, Permission.RECAP_VIEW}),
}


def roles_in_words() -> list[tuple[str, str]]:
    """(label, what the role may do) of each role, for the pages of staff and help."""
    return [
        (
            role.label,
            ", ".join(permission.label for permission in Permission if permission in PERMISSIONS[role]),
        )
        for role in Role
    ]


OWN_OFFICE_ROLES = frozenset({Role.ORGANIZER, Role.OPERATOR})
SUBTREE_ROLES = frozenset({Role.SUPERVISOR, Role.VIEWER})


def roles_with(permission: Permission) -> frozenset[Role]:
    """Roles that carry the permission; an unknown name raises ValueError."""
    wanted = Permission(permission)
    return frozenset(role for role, granted in PERMISSIONS.items() if wanted in granted)
