"""Rows of the operation table: effects, geometry, canvas, text, background and repair."""

from __future__ import annotations

from nanodesk.engines.on_device.row import Kind, Range, Row, percent

_RADIUS = Range("radius", "px", 0.3, 1000)


EFFECT_ROWS = (
    Row(
        "blur",
        Kind.SPATIAL,
        "Blurred",
        strength=percent(30, 12, 60, 100, 0),
        opposite="sharpen",
        measures=(_RADIUS,),
        examples=("Blur the background", "Blur it slightly", "Blur the selection"),
    ),
    Row(
        "lens-blur",
        Kind.SPATIAL,
        "Lens blur",
        strength=percent(30, 12, 60, 100, 0),
        opposite="sharpen",
        measures=(Range("radius", "px", 0.3, 200),),
        examples=("Lens blur on the background",),
    ),
    Row(
        "motion-blur",
        Kind.SPATIAL,
        "Motion blur",
        strength=percent(30, 12, 60, 100, 0),
        measures=(Range("length", "px", 1, 1000), Range("degrees", "°", -360, 360)),
        examples=("Motion blur at 45 degrees", "Motion blur of 20 px"),
    ),
    Row(
        "sharpen",
        Kind.SPATIAL,
        "Sharpened",
        strength=percent(40, 20, 75, 100, 0),
        opposite="blur",
        measures=(_RADIUS,),
        examples=("Sharpen it", "Sharpen the subject a lot"),
    ),
    Row(
        "clarity",
        Kind.SPATIAL,
        "More clarity",
        "Less clarity",
        percent(40, 18, 70, 100),
        examples=("More clarity", "Less clarity"),
    ),
    Row(
        "denoise",
        Kind.SPATIAL,
        "Noise removed",
        strength=percent(45, 20, 75, 100, 0),
        opposite="grain",
        examples=("Remove the noise",),
    ),
    Row(
        "pixelate",
        Kind.SPATIAL,
        "Pixelated",
        strength=percent(35, 15, 60, 100, 0),
        measures=(Range("size", "px", 2, 1000),),
        examples=("Pixelate the selection", "Pixelate in 16 px blocks"),
    ),
    Row(
        "grain",
        Kind.OVERLAY,
        "Grain",
        strength=percent(35, 15, 65, 100, 0),
        opposite="denoise",
        examples=("Add film grain",),
    ),
    Row(
        "vignette",
        Kind.OVERLAY,
        "Vignette",
        strength=percent(50, 25, 75, 100, 0),
        examples=("Add a vignette", "Subtle vignette"),
    ),
    Row(
        "glow",
        Kind.OVERLAY,
        "Glow",
        strength=percent(40, 20, 65, 100, 0),
        examples=("Add a soft glow",),
    ),
)

SHAPE_ROWS = (
    Row(
        "rotate",
        Kind.GEOMETRY,
        "Rotated",
        strength=Range("degrees", "°", -360, 360, 90),
        examples=("Rotate 90° clockwise", "Rotate by 5 degrees", "Turn it upside down"),
    ),
    Row("straighten", Kind.GEOMETRY, "Straightened", examples=("Straighten it", "Straighten by 2 degrees")),
    Row("flip", Kind.GEOMETRY, "Flipped", examples=("Flip horizontally", "Flip vertically")),
    Row(
        "crop",
        Kind.GEOMETRY,
        "Cropped",
        examples=("Crop to a square", "Crop to 16:9", "Crop to the subject", "Trim 20 px from the top"),
    ),
    Row(
        "resize",
        Kind.GEOMETRY,
        "Resized",
        examples=("Resize to 1920 px wide", "Resize to 50 %", "Make it half the size"),
    ),
    Row("upscale", Kind.GEOMETRY, "Enlarged", examples=("Upscale 2x",)),
    Row(
        "extend",
        Kind.CANVAS,
        "Canvas extended",
        examples=("Extend the canvas by 50 px on each side", "Extend the canvas to 16:9 with a blurred edge"),
    ),
    Row("border", Kind.CANVAS, "Border", examples=("Add a white border", "Black border, 12 px")),
    Row("corners", Kind.CANVAS, "Rounded corners", examples=("Round the corners",)),
    Row("drop-shadow", Kind.CANVAS, "Drop shadow", examples=("Add a drop shadow",)),
    Row(
        "text",
        Kind.TEXT,
        "Text",
        examples=("Add the text “HELLO” at the bottom", "Write “SALE” in red at the top left"),
    ),
    Row(
        "remove-background",
        Kind.BACKGROUND,
        "Background removed",
        examples=("Remove the background", "Cut out the subject"),
    ),
    Row(
        "replace-background",
        Kind.BACKGROUND,
        "Background replaced",
        examples=("Make the background white", "Replace the background with a gradient from blue to white"),
    ),
    Row("remove", Kind.REPAIR, "Removed", examples=("Remove what is selected",)),
    Row("fill", Kind.REPAIR, "Filled", examples=("Fill the selection with white",)),
)
