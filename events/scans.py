"""PURE: an uploaded scan (JPEG, PNG or PDF made of pictures) → clean JPEG pages without metadata."""

import io
import zlib

from .photo_files import upright

LARGEST_UPLOAD = 10 * 1024 * 1024  # bytes
LARGEST_PICTURE = 50_000_000  # pixels; more would only cost memory
KEPT_SIDE = 2480  # A4 at 210 dots per inch
MOST_PAGES = 5
MOST_BYTES_PER_PIXEL = 10  # four colours of 16 bits, and a byte more per row
ROOM = 65_536
NOT_A_SCAN = "Berkas bukan gambar JPEG, PNG, atau PDF hasil pindai yang utuh."
LOCKED = "PDF ini dikunci dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."
TOO_LARGE = "Berkas lebih besar dari 10 MB. Pindai dengan resolusi lebih rendah, misalnya 200 dpi."


def clean_pages(data: bytes) -> list[bytes]:
    """JPEG bytes per page; ValueError with an Indonesian sentence for the form.

    Of a PDF only the pictures are taken, one per page: nothing else of it is kept or run.
    """
    if len(data) > LARGEST_UPLOAD:
        raise ValueError(TOO_LARGE)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return [_jpeg(picture) for picture in _pictures_of_pdf(data)]
    return [_jpeg(_opened(data))]


def _opened(data: bytes):
    from PIL import Image, UnidentifiedImageError  # slow import

    try:
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        _check_size(*picture.size)
        return upright(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise ValueError(NOT_A_SCAN) from None


def _pictures_of_pdf(data: bytes) -> list:
    import pikepdf  # slow import

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise ValueError(f"PDF memuat lebih dari {MOST_PAGES} halaman. Unggah lembar ini saja.")
            return [_picture_of_page(page) for page in pdf.pages]
    except pikepdf.PasswordError:
        raise ValueError(LOCKED) from None
    except pikepdf.PdfError:
        raise ValueError(NOT_A_SCAN) from None


def _picture_of_page(page):
    import pikepdf  # slow import

    pictures = [pikepdf.PdfImage(image) for image in page.get_images().values()]
    if not pictures:
        raise ValueError("PDF ini tidak memuat gambar hasil pindai. Pindai lembarnya, lalu unggah hasilnya.")
    largest = max(pictures, key=lambda picture: picture.width * picture.height)
    _check_size(largest.width, largest.height)
    try:
        if _swells(largest):
            raise ValueError(NOT_A_SCAN)
        return largest.as_pil_image()
    except Exception:
        raise ValueError(NOT_A_SCAN) from None


def _swells(picture) -> bool:
    """Does its stream hold far more than a picture of its size can need? Unpacked, such a file fills the memory."""
    if picture.filters.count("/FlateDecode") > 1 or "/LZWDecode" in picture.filters[1:]:
        return True
    if picture.filters[:1] != ["/FlateDecode"]:
        return False
    most = picture.width * picture.height * MOST_BYTES_PER_PIXEL + ROOM
    unpacker = zlib.decompressobj()
    unpacker.decompress(picture.obj.read_raw_bytes(), most)
    return bool(unpacker.unconsumed_tail)


def _check_size(width: int, height: int) -> None:
    if width * height > LARGEST_PICTURE:
        raise ValueError("Gambar terlalu besar. Pindai dengan resolusi lebih rendah, misalnya 200 dpi.")


def _jpeg(picture) -> bytes:
    """A fresh picture holds the pixels and nothing else."""
    from PIL import Image  # slow import

    try:
        picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
        picture = picture.convert("RGBA") if picture.mode in ("P", "LA", "PA") else picture
        bare = Image.new("RGB", picture.size, "white")
        bare.paste(picture.convert("RGB"), mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    except (OSError, SyntaxError, ValueError):
        raise ValueError(NOT_A_SCAN) from None
    output = io.BytesIO()
    bare.save(output, "JPEG", quality=85)
    return output.getvalue()
