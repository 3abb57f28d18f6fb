"""PDFs written by hand: lines of text at places on pages, and what no program would write."""

from __future__ import annotations

from collections.abc import Sequence

TextAt = tuple[float, float, str]
"""Points from the left, points from the bottom, words."""


def pdf_file(
    pages: Sequence[Sequence[TextAt]],
    *,
    info: str = "",
    forms: str = "",
    objects: Sequence[str] = (),
) -> bytes:
    """A PDF with these words on its pages, in Helvetica of 11 points.

    `forms` is put into every page's resources; `objects` follow those of the pages.
    """
    numbers = [4 + 2 * at for at in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    font = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding"
    parts = [
        "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
        f"2 0 obj\n<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>\nendobj\n",
        f"3 0 obj\n<< {font} >>\nendobj\n",
    ]
    for number, page in zip(numbers, pages, strict=True):
        drawn = "\n".join(
            f"BT /F1 11 Tf 1 0 0 1 {x:g} {y:g} Tm ({_escaped(text)}) Tj ET" for x, y, text in page
        )
        resources = f"/Resources << /Font << /F1 3 0 R >> {forms} >>"
        own = f"/Parent 2 0 R /MediaBox [0 0 595 842] {resources} /Contents {number + 1} 0 R"
        parts += [
            f"{number} 0 obj\n<< /Type /Page {own} >>\nendobj\n",
            f"{number + 1} 0 obj\n<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream\nendobj\n",
        ]
    return _file([*parts, *objects], info)


def lines_of(text: str, *, left: float = 72, top: float = 760, leading: float = 14) -> list[TextAt]:
    """The lines of a text down a page; blanks at a line's start stand in, empty lines are gaps."""
    return [
        (left + 5.5 * (len(line) - len(line.lstrip())), top - leading * at, line.strip())
        for at, line in enumerate(text.split("\n"))
        if line.strip()
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(parts: Sequence[str], info: str) -> bytes:
    content = b"%PDF-1.4\n"
    places: list[int] = []
    for part in parts:
        places.append(len(content))
        content += part.encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    about = f"/Info << {info} >>" if info else ""
    return (
        content
        + (
            f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R {about} >>\n"
            f"startxref\n{len(content)}\n%%EOF\n"
        ).encode()
    )
