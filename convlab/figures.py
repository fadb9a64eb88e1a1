"""One style for every figure of the course, drawn so that it reads on a light and on a dark page.

A figure becomes inline SVG: its lines and text take the page's own colour (``currentColor``) and font, its background
stays transparent, and the other colours are mid-tones that stand out from white and from near-black. The alternative
text is given where the figure is drawn, so it travels with the notebook.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["COLORS", "Drawing", "bars", "draw", "heatmap", "image", "lines", "new_axes", "row", "style"]

COLORS = {
    "blue": "#3d85c6",
    "orange": "#d9752b",
    "green": "#3f9d6b",
    "purple": "#9a6dd7",
    "red": "#d2566a",
    "gray": "#888888",
}
"""Each has a contrast of at least 3:1 with a white page and with a page of #121212 (WCAG 2.2, 1.4.11)."""

INK = "#010203"  # a colour nothing else uses: replaced by currentColor in the SVG
DPI = 96
ON_LIGHT_AND_DARK = ("blue", "orange", "green", "purple", "red")


class Drawing:
    """Hold a finished figure: inline SVG with alternative text and, optionally, a caption. Jupyter shows it as HTML."""

    def __init__(self, svg: str, alt: str, caption: str = "", width: float = 0.0) -> None:
        self.svg, self.alt, self.caption, self.width = svg, alt, caption, width

    def __repr__(self) -> str:
        return f"[figure: {self.alt}]"

    def _repr_html_(self) -> str:
        return _figure(self.svg, self.caption)


@contextmanager
def style() -> Iterator[None]:
    """Apply the course's matplotlib settings inside a ``with`` block."""
    import matplotlib
    from matplotlib.rcsetup import cycler

    settings: Any = {
        "axes.edgecolor": INK,
        "axes.facecolor": "none",
        "axes.labelcolor": INK,
        "axes.prop_cycle": cycler(color=[COLORS[name] for name in ON_LIGHT_AND_DARK]),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlecolor": INK,
        "figure.facecolor": "none",
        "font.size": 11,
        "grid.color": COLORS["gray"],
        "grid.linewidth": 0.4,
        "hatch.linewidth": 0.6,
        "legend.frameon": False,
        "lines.linewidth": 2,
        "svg.fonttype": "none",
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
    }
    with matplotlib.rc_context(settings):
        yield


def new_axes(width: float = 5.2, height: float = 3.0) -> tuple[Figure, Axes]:
    """Make one pair of axes of ``width`` × ``height`` inches; call it inside :func:`style`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def draw(figure: Figure, alt: str, caption: str = "") -> Drawing:
    """Turn a matplotlib figure into a :class:`Drawing`; call it inside :func:`style`.

    Raises:
        ValueError: ``alt`` is empty. Say what the figure shows, not that it is one.
    """
    import matplotlib

    if not alt.strip():
        raise ValueError("A figure needs an alternative text: one sentence that says what it shows.")
    salt = hashlib.sha256(f"{alt}{caption}".encode()).hexdigest()[:8]
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": salt}):
        metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(buffer, format="svg", transparent=True, dpi=2 * DPI, metadata=metadata)
    width = figure.get_figwidth() * DPI
    return Drawing(_inline(buffer.getvalue(), alt, salt, width), alt, caption, width)


def row(*drawings: Drawing, caption: str = "") -> Drawing:
    """Set drawings side by side, each with its own caption below it; they wrap on a narrow page."""
    cells = "".join(
        f'<div style="flex:0 1 {d.width:.0f}px;min-width:0">{d.svg}'
        f'<div style="text-align:center;font-size:.9em;line-height:1.3">{html.escape(d.caption)}</div></div>'
        for d in drawings
    )
    layout = "display:flex;flex-wrap:wrap;gap:.8rem 1.2rem;justify-content:center;align-items:flex-start"
    body = f'<div style="{layout}">{cells}</div>'
    return Drawing(body, "; ".join(d.alt for d in drawings), caption, sum(d.width for d in drawings))


def image(picture: Any, alt: str, caption: str = "", width: float = 2.4) -> Drawing:
    """Show a picture (H, W) or (3, H, W). Gray pictures are stretched to their own range."""
    array = _numpy(picture)
    array = array.transpose(1, 2, 0).clip(0, 1) if array.ndim == 3 else array
    with style():
        figure, axes = _frameless(width, width * array.shape[0] / array.shape[1])
        axes.imshow(array, cmap="gray", interpolation="none", aspect="auto")  # its own pixels, scaled by the page
        return draw(figure, alt, caption)


def heatmap(values: Any, alt: str, caption: str = "", width: float = 2.4, vmax: float | None = None) -> Drawing:
    """Show non-negative values (H, W): nothing where 0, full blue at ``vmax`` (the largest value unless given)."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgba
    from matplotlib.patches import Rectangle

    array = _numpy(values)
    blue = to_rgba(COLORS["blue"])
    cmap = LinearSegmentedColormap.from_list("ink", [(*blue[:3], 0.0), blue])
    height, breadth = array.shape
    with style():
        figure, axes = _frameless(width, width * height / breadth)
        axes.imshow(array, cmap=cmap, vmin=0, vmax=vmax, interpolation="nearest", aspect="auto")
        frame = Rectangle((-0.5, -0.5), breadth, height, fill=False, edgecolor=COLORS["gray"], linewidth=1.5)
        axes.add_patch(frame)
        return draw(figure, alt, caption)


def lines(
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    alt: str,
    caption: str = "",
    xlabel: str = "",
    ylabel: str = "",
    log: bool = False,
) -> Drawing:
    """Draw one line for each named series over ``x``; ``log`` makes both axes logarithmic."""
    dashes = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))  # so that colour is not the only difference
    with style():
        figure, axes = new_axes()
        for (label, y), dash in zip(series.items(), dashes, strict=False):
            axes.plot(x, y, label=label, linestyle=dash)
        if log:
            axes.set_xscale("log", base=2)
            axes.set_yscale("log", base=2)
            axes.xaxis.set_major_formatter("{x:g}")
            axes.yaxis.set_major_formatter("{x:g}")
        axes.set(xlabel=xlabel, ylabel=ylabel)
        axes.grid(visible=True)
        axes.legend()
        return draw(figure, alt, caption)


def bars(values: Mapping[str, float], alt: str, caption: str = "", xlabel: str = "", fmt: str = "{:.2f}") -> Drawing:
    """Draw one horizontal bar for each name, with its value written at its end."""
    with style():
        figure, axes = new_axes(height=0.6 + 0.34 * len(values))
        drawn = axes.barh(list(values), list(values.values()), color=COLORS["blue"], height=0.6)
        axes.bar_label(drawn, labels=[fmt.format(v) for v in values.values()], padding=4)
        axes.invert_yaxis()
        axes.margins(x=0.16)
        axes.locator_params(axis="x", nbins=5)  # more would run into each other where numbers have five digits
        axes.set_xlabel(xlabel)
        return draw(figure, alt, caption)


def _frameless(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    return figure, axes


def _numpy(values: Any) -> Any:
    import numpy as np

    return np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)


def _figure(body: str, caption: str) -> str:
    below = f'<figcaption style="font-weight:400">{html.escape(caption)}</figcaption>' if caption else ""
    return f'<figure class="convlab" style="margin:.5rem 0;text-align:center">{body}{below}</figure>'


def _inline(svg: str, alt: str, salt: str, width: float) -> str:
    """Make a matplotlib SVG fit to stand inside a page, beside others."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)  # no global rules
    svg = re.sub(r"font:[^;\"]*?(\d+(?:\.\d+)?px)[^;\"]*", r"font-size: \1", svg)
    svg = re.sub(r"font-family:[^;\"]*;? ?", "", svg)  # the page's own typeface
    svg = svg.replace(INK, "currentColor")
    reference = re.compile(r'(url\(#|href="#)([\w.-]+)')
    used = {match[2] for match in reference.finditer(svg)}
    svg = re.sub(r' id="([\w.-]+)"', lambda m: f' id="{salt}-{m[1]}"' if m[1] in used else "", svg)  # unique in a page
    svg = reference.sub(lambda m: f"{m[1]}{salt}-{m[2]}", svg)
    box = re.search(r'viewBox="[^"]*"', svg)
    head = (
        f'<svg {box[0] if box else ""} role="img" aria-label="{html.escape(alt, quote=True)}" '
        f'style="width:100%;max-width:{width:.0f}px;height:auto" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return re.sub(r"\n\s*", "\n", head + svg[svg.index(">") + 1 :]).strip()
