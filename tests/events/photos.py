"""Photos for tests: real JPEGs with what phones write into them."""

import io

from PIL import Image

from events.models import EventPhoto
from events.photo_files import clean_photo
from events.photos import add_photo

MAKE, TAKEN_AT, GPS = 0x010F, 0x9003, 0x8825
MERAPI = (7.0, 32.0, 26.0)


def jpeg(width=1200, height=900, *, tone=0, kind="JPEG", mode="RGB", **more) -> bytes:
    """A picture whose bytes differ with ``tone``: two bands, so that it is seen which way is up."""
    picture = Image.new("RGB", (width, height), (40 + tone * 5 % 180, 90, 140))
    picture.paste((200, 180 - tone % 100, 90), (0, height // 2, width, height))
    out = io.BytesIO()
    picture.convert(mode).save(out, kind, **more)
    return out.getvalue()


def with_exif(*, orientation=1, taken="2024:10:02 10:55:31") -> bytes:
    exif = Image.Exif()
    exif[MAKE] = "Kamera Rahasia"
    exif[0x0112] = orientation
    exif.get_ifd(0x8769)[TAKEN_AT] = taken
    exif.get_ifd(GPS)[1] = "S"
    exif.get_ifd(GPS)[2] = MERAPI
    return jpeg(exif=exif)


def photo_of(
    event, *, by=None, upload=None, caption="Peserta menandatangani deklarasi", **more
) -> EventPhoto:
    from accounts import audit

    upload = upload or jpeg(tone=event.photos.count(), **more)
    return add_photo(
        event=event, upload=upload, photo=clean_photo(upload), caption=caption, by=by or audit.SYSTEM
    )
