"""PURE: an uploaded picture becomes a clean PNG for letterheads."""

import io

LARGEST_UPLOAD = 2 * 1024 * 1024  # bytes
LARGEST_SIDE = 6000  # pixels of the upload; more would only cost memory
PRINTED_SIDE = 1000  # pixels kept: 2.5 cm on paper at 1,000 dots per inch
ACCEPTED = ("PNG", "JPEG")


def clean_logo(data: bytes) -> bytes:
    """Re-encode PNG or JPEG bytes as PNG without metadata, at most 1,000 pixels wide and high.

    ValueError holds an Indonesian sentence for the form.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # slow import

    if len(data) > LARGEST_UPLOAD:
        raise ValueError("Logo terlalu besar: maksimal 2 MB.")
    try:
        picture = Image.open(io.BytesIO(data), formats=ACCEPTED)
        if max(picture.size) > LARGEST_SIDE:
            raise ValueError(f"Logo terlalu besar: maksimal {LARGEST_SIDE} × {LARGEST_SIDE} piksel.")
        picture = ImageOps.exif_transpose(picture)
        picture = picture.convert("RGBA" if _has_alpha(picture) else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise ValueError("Berkas bukan gambar PNG atau JPEG yang utuh.") from None
    picture.thumbnail((PRINTED_SIDE, PRINTED_SIDE))
    return _as_png(Image, picture)


def _has_alpha(picture) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _as_png(Image, picture) -> bytes:
    """A fresh picture holds the pixels and nothing else: no EXIF, no colour profile, no comments."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    output = io.BytesIO()
    bare.save(output, "PNG", optimize=True)
    return output.getvalue()
