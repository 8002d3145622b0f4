"""Draws the icons of the kiosk app into static/img: the N of favicon.svg on maroon. Run once, results are committed."""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "static" / "img"
MAROON, WHITE = "#7a1020", "#ffffff"
LETTER = [(9, 24), (9, 8), (12, 8), (20, 18.5), (20, 8), (23, 8), (23, 24), (20, 24), (12, 13.5), (12, 24)]
FINE = 4  # drawn larger, then scaled down: smooth edges


def icon(size: int, purpose: str) -> None:
    """``maskable`` fills the square and keeps the letter in the safe circle; ``any`` has round corners."""
    side = size * FINE
    image = Image.new("RGBA", (side, side), MAROON if purpose == "maskable" else (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    unit, margin = side / 32, 0.0
    if purpose == "maskable":
        unit, margin = side * 0.8 / 32, side * 0.1
    else:
        draw.rounded_rectangle([0, 0, side - 1, side - 1], radius=6 * unit, fill=MAROON)
    draw.polygon([(margin + x * unit, margin + y * unit) for x, y in LETTER], fill=WHITE)
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    small.quantize(64).save(FOLDER / f"kiosk-{purpose}-{size}.png", optimize=True)


if __name__ == "__main__":
    icon(192, "any")
    icon(512, "any")
    icon(512, "maskable")
