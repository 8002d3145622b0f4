"""PURE: an uploaded photo → clean JPEGs of two sizes without metadata, and the time the camera wrote into it."""

import io
from datetime import datetime
from typing import NamedTuple

LARGEST_UPLOAD = 15 * 1024 * 1024  # bytes
LARGEST_PICTURE = 50_000_000  # pixels; more would only cost memory
KEPT_SIDE = 1600
PRINTED_SIDE = 560  # 71 mm, half the width of a page, at 200 dots per inch
NOT_A_PHOTO = "bukan foto JPEG atau PNG yang utuh"
EMPTY = "berkas ini kosong"
TOO_LARGE = "lebih besar dari 15 MB"
TOO_MANY_PIXELS = "lebih dari 50 megapiksel; kecilkan dahulu"
HEIC = "berformat HEIC; ubah dahulu menjadi JPEG (iPhone: Pengaturan, Kamera, Format, Paling Kompatibel)"
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
EXIF_PART, TAKEN_AT = 0x8769, 0x9003


class CleanPhoto(NamedTuple):
    """``taken`` is the wall clock of the camera, without zone; None when it says nothing."""

    jpeg: bytes
    printed: bytes
    width: int
    height: int
    taken: datetime | None


def clean_photo(data: bytes) -> CleanPhoto:
    """ValueError with the rest of an Indonesian sentence ("Foto ‘x.jpg’ …") for what is no photo."""
    from PIL import Image  # slow import

    if not data:
        raise ValueError(EMPTY)
    if len(data) > LARGEST_UPLOAD:
        raise ValueError(TOO_LARGE)
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise ValueError(HEIC)
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > LARGEST_PICTURE:
                raise ValueError(TOO_MANY_PIXELS)
            taken = _taken(opened)
            opened.thumbnail((KEPT_SIDE, KEPT_SIDE))  # of a JPEG only as much is decoded as this needs
            picture = _bare(upright(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValueError(TOO_MANY_PIXELS) from None
    except ValueError as problem:
        raise ValueError(str(problem) if str(problem) == TOO_MANY_PIXELS else NOT_A_PHOTO) from None
    except (OSError, SyntaxError, TypeError, KeyError, IndexError, ZeroDivisionError):
        raise ValueError(NOT_A_PHOTO) from None
    small = picture.copy()
    small.thumbnail((PRINTED_SIDE, PRINTED_SIDE))
    return CleanPhoto(_jpeg(picture), _jpeg(small), picture.width, picture.height, taken)


def upright(picture):
    """Turned as the camera was held; as it is where what the camera wrote is damaged."""
    from PIL import ImageOps  # slow import

    picture.load()  # what is wrong with the pixels themselves is told here
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # Pillow raises anything at a damaged tag, also of its own writing
        return picture


def _bare(picture):
    """A fresh RGB picture on white: the pixels and nothing else."""
    from PIL import Image  # slow import

    if picture.mode in ("P", "PA", "LA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode.startswith("I;16"):  # 16 bits of grey: Pillow would cut instead of scaling
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    bare = Image.new("RGB", picture.size, "white")
    bare.paste(picture.convert("RGB"), mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return bare


def _taken(picture) -> datetime | None:
    """ "2024:10:02 10:55:31" of the camera; what cannot be a time is left out."""
    try:
        text = str(picture.getexif().get_ifd(EXIF_PART).get(TAKEN_AT, ""))
        taken = datetime.strptime(text.strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except Exception:  # a damaged tag is no reason to refuse the photo, and Pillow raises anything
        return None
    return taken if taken.year >= 2000 else None


def _jpeg(picture) -> bytes:
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=85)
    return output.getvalue()
