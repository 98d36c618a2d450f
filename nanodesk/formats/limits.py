"""How much a picture from outside may ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace

GIB = 1 << 30
MOST_PIXELS = 1_000_000_000
"""Beyond this no picture is opened, whatever the limits say: the decoders themselves end near there."""


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What one picture may take.

    Attributes:
        max_pixels: width times height.
        max_file_bytes: of the encoded file.
        accept_cut_off: open what there is of a file whose end is missing.
        memory_bytes: address space of the worker process.
        seconds: of wall time in the worker process.
        max_layers: layers, groups, frames and pages of one file.
        max_layer_pixels: of all layers and masks of one file together.
    """

    max_pixels: int = 200_000_000
    max_file_bytes: int = GIB
    accept_cut_off: bool = False
    memory_bytes: int = 4 * GIB
    seconds: float = 30.0
    max_layers: int = 2000
    max_layer_pixels: int = 500_000_000

    def anyway(self) -> DecodeLimits:
        """The limits for a picture that the designer wants in spite of its size."""
        return replace(
            self,
            max_pixels=MOST_PIXELS,
            max_file_bytes=4 * GIB,
            memory_bytes=24 * GIB,
            seconds=10 * self.seconds,
            max_layers=5 * self.max_layers,
            max_layer_pixels=4 * MOST_PIXELS,
        )

    def cut_off(self) -> DecodeLimits:
        """The same limits, taking what there is of a cut-off file."""
        return replace(self, accept_cut_off=True)


DEFAULT_LIMITS = DecodeLimits()
