"""QR codes as PNG and SVG, drawn to exactly the size that was asked for."""

from __future__ import annotations

import io

QUIET = 4  # modules of white around the code, as the standard asks


def matrix(text: str) -> list[list[bool]]:
    """The modules of the code, True for dark, with the quiet zone. Medium error correction."""
    # Only this endpoint draws; imported here, nobody else pays for it at a cold start.
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code: QRCode = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def png(text: str, size: int) -> bytes:
    """A square image of ``size`` pixels; what whole modules leave over is white margin."""
    import png as pypng

    modules = matrix(text)
    scale = max(size // len(modules), 1)
    before = (size - scale * len(modules)) // 2
    blank = [1] * size
    image = [list(blank) for _ in range(size)]
    for y, row in enumerate(modules):
        line = list(blank)
        for x, dark in enumerate(row):
            if dark:
                start = before + x * scale
                line[start : start + scale] = [0] * scale
        for n in range(scale):
            image[before + y * scale + n] = line
    output = io.BytesIO()
    pypng.Writer(size, size, greyscale=True, bitdepth=1).write(output, image)
    return output.getvalue()


def svg(text: str, size: int) -> str:
    """The same as one path, ``size`` pixels wide unless it is scaled."""
    modules = matrix(text)
    edge = len(modules)
    runs = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {edge} {edge}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{edge}v{edge}H0z"/><path d="{runs}"/></svg>'
    )
