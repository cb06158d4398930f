"""Draws the sample pictures: landscapes, skies, fractals and ornaments, the same on every run.

Every scene takes a random source, a size `(width_px, height_px)` and a palette and returns an
RGB picture. Nothing is random beyond the source, so a number makes one picture.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from smartgallery_tui.demo.palettes import mix, stop, tint, vertical_gradient

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from smartgallery_tui.demo.palettes import Color

    Size = tuple[int, int]
    Palette = Sequence[Color]
    Scene = Callable[[Random, Size, Palette], Image.Image]


def mountains(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw ridges that fade into haze below a low sun."""
    width, height = size
    picture = vertical_gradient(size, [palette[1], palette[2], palette[3], palette[4]])
    sun = (rng.uniform(0.2, 0.8) * width, rng.uniform(0.25, 0.45) * height)
    _glow(picture, sun, 0.35 * width, palette[4])
    draw = ImageDraw.Draw(picture)
    layers = 6
    for layer in range(layers):
        depth = layer / (layers - 1)
        base = height * (0.42 + 0.5 * depth)
        ridge = _ridge(rng, width, base, height * (0.16 + 0.06 * depth))
        color = mix(mix(palette[3], palette[2], 0.4), palette[0], depth)
        draw.polygon([*ridge, (width, height), (0, height)], fill=color)
    return picture


def sea(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw an evening sea with a path of light on the water."""
    width, height = size
    horizon = round(height * rng.uniform(0.42, 0.58))
    picture = vertical_gradient(size, [palette[0], palette[2], palette[4]])
    sun_x = width * rng.uniform(0.3, 0.7)
    _glow(picture, (sun_x, horizon * 0.86), 0.28 * width, palette[4])
    radius = width * 0.06
    draw = ImageDraw.Draw(picture)
    box = (sun_x - radius, horizon * 0.86 - radius, sun_x + radius, horizon * 0.86 + radius)
    draw.ellipse(box, fill=mix(palette[4], (255, 255, 255), 0.5))
    water = vertical_gradient((width, height - horizon), [palette[3], palette[1], palette[0]])
    picture.paste(water, (0, horizon))
    for _ in range(420):
        depth = rng.random() ** 1.6
        y = horizon + depth * (height - horizon)
        reach = width * (0.05 + 0.35 * depth)
        x = sun_x + rng.gauss(0, 0.4) * reach
        length = (0.01 + 0.06 * depth) * width * rng.uniform(0.4, 1.4)
        light = max(0.0, 1 - abs(x - sun_x) / (reach + 1)) * 0.8 + 0.1
        color = mix(palette[1], palette[4], light)
        draw.line([(x - length, y), (x + length, y)], fill=color, width=1 + round(3 * depth))
    return picture


def nebula(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw glowing clouds and stars."""
    clouds = ImageChops.multiply(_clouds(rng, size, 5), _clouds(rng, size, 3))
    picture = tint(clouds.point([min(255, level * 2) for level in range(256)]), palette)
    draw = ImageDraw.Draw(picture)
    for _ in range(260):
        x, y = rng.uniform(0, size[0]), rng.uniform(0, size[1])
        radius = rng.random() ** 6 * 3 + 0.4
        color = mix(palette[4], (255, 255, 255), rng.random())
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)
    return picture


def fractal(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw a piece of the rim of the Mandelbrot set."""
    spots = ((-0.745, 0.113, 0.006), (-0.16, 1.035, 0.03), (-1.253, 0.03, 0.03),
             (-0.7463, 0.1102, 0.012), (0.285, 0.012, 0.01), (-0.75, 0.1, 0.03))  # fmt: skip
    x, y, reach = spots[rng.randrange(len(spots))]
    ratio = size[1] / size[0]
    extent = (x - reach, y - reach * ratio, x + reach, y + reach * ratio)
    half = (size[0] // 2, size[1] // 2)
    levels = Image.effect_mandelbrot(half, extent, 120)
    turned = levels.point([round(127.5 - 127.5 * math.cos(level / 14)) for level in range(256)])
    return tint(turned.resize(size, Image.Resampling.BICUBIC), palette)


def facets(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw a field of triangles lit from one side."""
    width, height = size
    columns, rows = 11, max(4, round(11 * height / width))
    step_x, step_y = width / columns, height / rows
    points = {
        (column, row): (
            (column + rng.uniform(-0.35, 0.35)) * step_x,
            (row + rng.uniform(-0.35, 0.35)) * step_y,
        )
        for column in range(-1, columns + 2)
        for row in range(-1, rows + 2)
    }
    picture = Image.new("RGB", size, palette[1])
    draw = ImageDraw.Draw(picture)
    for column in range(-1, columns + 1):
        for row in range(-1, rows + 1):
            corners = [points[column + a, row + b] for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))]
            place = (column / columns + row / rows) / 2
            for triangle in (corners[:3], [corners[0], *corners[2:]]):
                color = stop(palette, place + rng.uniform(-0.13, 0.13))
                draw.polygon(triangle, fill=color)
    return picture


def lights(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw soft discs of light out of focus."""
    half = (size[0] // 2, size[1] // 2)
    picture = vertical_gradient(half, [palette[0], palette[1], palette[0]])
    for depth in range(3):
        layer = Image.new("RGB", half)
        draw = ImageDraw.Draw(layer)
        for _ in range(14):
            x, y = rng.uniform(0, half[0]), rng.uniform(0, half[1])
            radius = half[0] * rng.uniform(0.03, 0.11) * (1 + (2 - depth) * 0.5)
            shade = mix((0, 0, 0), stop(palette, rng.uniform(0.4, 1.0)), rng.uniform(0.25, 0.6))
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade)
        blurred = layer.filter(ImageFilter.BoxBlur(8 - 3 * depth))
        picture = ImageChops.screen(picture, blurred)
    return picture.resize(size, Image.Resampling.BICUBIC)


def ripples(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw rings that run from several drops and cross each other."""
    half = (size[0] // 2, size[1] // 2)
    total = Image.new("L", half, 0)
    reach = round(max(half) * 2.2)
    rings = Image.radial_gradient("L").resize((reach, reach), Image.Resampling.BICUBIC)
    for _ in range(3):
        spacing = rng.uniform(0.16, 0.34)
        waves = rings.point(
            [
                round(42 * (1 + math.cos(level * spacing)) * (1 - level / 400))
                for level in range(256)
            ]
        )
        left = round(rng.uniform(-0.2, 1.2) * half[0] - reach / 2)
        top = round(rng.uniform(-0.2, 1.2) * half[1] - reach / 2)
        total = ImageChops.add(total, waves.crop((-left, -top, half[0] - left, half[1] - top)))
    return tint(total, palette).resize(size, Image.Resampling.BICUBIC)


def forest(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw trunks that vanish in fog."""
    width, height = size
    picture = vertical_gradient(size, [palette[4], palette[3], palette[3]])
    for layer in range(5):
        depth = layer / 4
        color = mix(palette[3], palette[0], 0.15 + 0.85 * depth)
        draw = ImageDraw.Draw(picture)
        for _ in range(12 - 2 * layer):
            x = rng.uniform(-0.05, 1.05) * width
            thick = width * (0.008 + 0.03 * depth) * rng.uniform(0.7, 1.4)
            lean = rng.uniform(-0.03, 0.03) * width
            foot = height * (0.72 + 0.3 * depth)
            trunk = [(x + lean, 0), (x + lean + thick, 0), (x + thick * 1.4, foot), (x, foot)]
            draw.polygon(trunk, fill=color)
        ground = _ridge(rng, width, height * (0.7 + 0.27 * depth), height * 0.03)
        draw.polygon([*ground, (width, height), (0, height)], fill=color)
    return picture


def city(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw a skyline at night with lit windows."""
    width, height = size
    picture = vertical_gradient(size, [palette[0], palette[1], palette[2]])
    _glow(picture, (width * rng.uniform(0.2, 0.8), height * 0.8), 0.6 * width, palette[3])
    draw = ImageDraw.Draw(picture)
    for layer in range(3):
        color = mix(palette[1], (6, 8, 14), (layer + 1) / 3)
        x = -width * 0.02
        while x < width:
            wide = width * rng.uniform(0.05, 0.11)
            top = height * (0.34 + 0.16 * layer + rng.uniform(-0.1, 0.14))
            draw.rectangle((x, top, x + wide, height), fill=color)
            _windows(draw, rng, (x, top, x + wide, height), palette)
            x += wide + width * rng.uniform(0.0, 0.02)
    return picture


def mandala(rng: Random, size: Size, palette: Palette) -> Image.Image:
    """Draw an ornament of turned petals."""
    side = min(size)
    picture = vertical_gradient(size, [palette[0], palette[1]])
    draw = ImageDraw.Draw(picture)
    centre = (size[0] / 2, size[1] / 2)
    petals = rng.choice((8, 12, 16))
    for ring in range(7, 0, -1):
        radius = side * 0.47 * ring / 7
        color = stop(palette, 0.15 + 0.12 * (7 - ring) + rng.uniform(0, 0.12))
        edge = stop(palette, 0.95 - 0.08 * ring)
        shift = rng.random() * math.tau
        for petal in range(petals):
            angle = shift + petal * math.tau / petals
            draw.polygon(_petal(centre, radius, angle, math.pi / petals), fill=color, outline=edge)
    return picture.filter(ImageFilter.SMOOTH)


SCENES: tuple[Scene, ...] = (
    mountains, sea, nebula, fractal, facets, lights, ripples, forest, city, mandala,
)  # fmt: skip


def _ridge(rng: Random, width: int, base: float, rough: float) -> list[tuple[float, float]]:
    """Return a mountain line from left to right by halving: (x, y) pairs."""
    heights = [rng.uniform(-1, 1), rng.uniform(-1, 1)]
    scale = 1.0
    for _ in range(7):
        scale *= 0.52
        finer = []
        for left, right in itertools.pairwise(heights):
            finer += [left, (left + right) / 2 + rng.uniform(-scale, scale)]
        heights = [*finer, heights[-1]]
    step = width / (len(heights) - 1)
    return [(place * step, base + value * rough) for place, value in enumerate(heights)]


def _glow(picture: Image.Image, centre: tuple[float, float], radius: float, color: Color) -> None:
    side = max(2, round(radius * 2))
    # the gradient reaches 181 at the middle of an edge: beyond that the glow must be nothing
    fade = [round(255 * max(0.0, 1 - level / 181) ** 1.5) for level in range(256)]
    mask = Image.radial_gradient("L").point(fade).resize((side, side), Image.Resampling.BICUBIC)
    picture.paste(color, (round(centre[0] - radius), round(centre[1] - radius)), mask)


def _clouds(rng: Random, size: Size, first: int) -> Image.Image:
    """Return a grey picture of noise in several sizes, smooth as smoke."""
    total = Image.new("L", size, 0)
    for octave in range(4):
        cells = first * 2**octave
        grid = (cells, max(2, round(cells * size[1] / size[0])))
        noise = Image.new("L", grid)
        noise.putdata([rng.randrange(256) for _ in range(grid[0] * grid[1])])
        scaled = noise.point([round(level * 0.53 / 2**octave) for level in range(256)])
        total = ImageChops.add(total, scaled.resize(size, Image.Resampling.BICUBIC))
    return total


def _windows(
    draw: ImageDraw.ImageDraw, rng: Random, box: tuple[float, float, float, float], palette: Palette
) -> None:
    left, top, right, bottom = box
    pitch = max(7.0, (right - left) / 6)
    y = top + pitch
    while y < bottom:
        x = left + pitch * 0.4
        while x < right - pitch * 0.6:
            if rng.random() < 0.22:
                draw.rectangle((x, y, x + pitch * 0.4, y + pitch * 0.5), fill=palette[4])
            x += pitch
        y += pitch * 1.3


def _petal(
    centre: tuple[float, float], radius: float, angle: float, half: float
) -> list[tuple[float, float]]:
    outline = ((0.25, 0.0), (0.62, 0.9), (0.86, 0.55), (1.0, 0.0), (0.86, -0.55), (0.62, -0.9))
    return [
        (
            centre[0] + radius * reach * math.cos(angle + side * half),
            centre[1] + radius * reach * math.sin(angle + side * half),
        )
        for reach, side in outline
    ]
