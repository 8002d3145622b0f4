"""The country: provinsi → kabupaten/kota → kecamatan → desa/kelurahan."""

EDITION = "Kepmendagri 300.2.2-2430/2025"
# The licence (ODbL) asks that the source be named wherever the data are shown.
SOURCE_NOTE = (
    "Data wilayah: idn-area-data 4.0.1 (lisensi Open Database License/ODbL), berdasarkan "
    "Keputusan Menteri Dalam Negeri Nomor 300.2.2-2430 Tahun 2025; ejaan dirapikan."
)
