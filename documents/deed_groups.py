"""PURE: under which kinds of deeds the log is filtered for documents, numbers and seals."""

GROUPS = {
    "dokumen": ("Dokumen dan arsip", ("document.", "archive.")),
    "nomor": ("Nomor surat", ("number.",)),
    "segel": ("Segel kantor", ("seal.",)),
}
