"""PURE: the kinds of deeds a log is filtered by. Each room names the groups of its own verbs when it starts."""

# Key in the address bar → label.
GROUPS: dict[str, str] = {}
# Beginning of a verb ("declaration.", "event.key_made") → key of its group; the longest that fits counts.
BEGINNINGS: dict[str, str] = {}
OTHER = "lainnya"

# The groups of this room.
OWN = {
    "akun": ("Akun dan masuk", ("session.", "password.", "factor.", "user.", "token.")),
    "petugas": ("Penugasan", ("membership.",)),
    "kantor": ("Data kantor", ("office.",)),
    "unduhan": ("Unduhan daftar", ("table.",)),
}


def register_groups(groups: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    """Add groups: {key: (label, beginnings of verbs)}. ValueError when a beginning already belongs elsewhere."""
    for key, (label, beginnings) in groups.items():
        if GROUPS.setdefault(key, label) != label:
            raise ValueError(f"Group registered twice: {key}")
        for beginning in beginnings:
            if BEGINNINGS.setdefault(beginning, key) != key:
                raise ValueError(f"Two groups for {beginning}")


def group_of(verb: str) -> str:
    """Key of the group; ``OTHER`` for a verb that nobody put into one."""
    fitting = [beginning for beginning in BEGINNINGS if verb.startswith(beginning)]
    return BEGINNINGS[max(fitting, key=len)] if fitting else OTHER


def label_of(group: str) -> str:
    return GROUPS.get(group, "Lainnya")
