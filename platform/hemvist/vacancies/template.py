"""The list that landlords fill in: an Excel file with the headings that are read."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from hemvist.vacancies.columns import FIELDS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME = "lediga-bostader.xlsx"


def template() -> bytes:
    """An .xlsx with one row of headings, the compulsory ones marked, and a sheet with an example."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Lediga bostäder"
    example = book.create_sheet("Exempel")
    for place, field in enumerate(FIELDS, 1):
        for page in (sheet, example):
            cell = page.cell(1, place, field.heading)
            cell.font = Font(bold=field.required or field.name == "rent")
            width = max(12, len(field.heading) + 3)
            page.column_dimensions[get_column_letter(place)].width = width
        if field.example:
            example.cell(2, place, field.example)
        if field.name in ("apartment_number", "postal_code"):
            # As text: a number would lose its nought in front.
            for number in range(2, 301):
                sheet.cell(number, place).number_format = "@"
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
