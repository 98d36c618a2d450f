"""Points, sizes and rectangles in whole document pixels; x grows right, y grows down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A place, in pixels."""

    x: int = 0
    y: int = 0

    def __add__(self, other: Point) -> Point:
        return Point(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Point) -> Point:
        return Point(self.x - other.x, self.y - other.y)


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels; never negative."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 0 or self.height < 0:
            raise ValueError("A size cannot be negative.")

    @property
    def area(self) -> int:
        """Number of pixels."""
        return self.width * self.height

    @property
    def empty(self) -> bool:
        """Whether there is no pixel in it."""
        return self.width == 0 or self.height == 0


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of whole pixels: left and top edge, width and height."""

    x: int
    y: int
    width: int
    height: int

    @staticmethod
    def of(offset: Point, size: Size) -> Rect:
        """The rectangle of `size` whose top left corner is `offset`."""
        return Rect(offset.x, offset.y, size.width, size.height)

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    @property
    def offset(self) -> Point:
        """Its top left corner."""
        return Point(self.x, self.y)

    @property
    def size(self) -> Size:
        """Its width and height; nothing where it is empty."""
        return Size(max(0, self.width), max(0, self.height))

    @property
    def empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.width <= 0 or self.height <= 0

    def translated(self, by: Point) -> Rect:
        """The same rectangle moved by `by`."""
        return Rect(self.x + by.x, self.y + by.y, self.width, self.height)

    def intersected(self, other: Rect) -> Rect:
        """What both cover; of no size when they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        return Rect(x, y, max(0, min(self.right, other.right) - x), max(0, min(self.bottom, other.bottom) - y))

    def united(self, other: Rect) -> Rect:
        """The smallest rectangle around both; an empty one adds nothing."""
        if self.empty:
            return other
        if other.empty:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def contains(self, other: Rect) -> bool:
        """Whether all of `other` lies within."""
        return other.empty or self.intersected(other) == other
