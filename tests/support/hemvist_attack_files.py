"""Files that are bombs or lies, sent in; and what somebody writes, sent out in a file."""

from __future__ import annotations

import ast
import base64
import csv
import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from graphql import GraphQLInputObjectType, get_named_type
from openpyxl import Workbook, load_workbook

import hemvist_portal
from hemvist.documents import Heading, Items, Letterhead, Paragraph, Rows, Sheet, render
from hemvist.documents.traces import text_of
from hemvist.errors import ValidationFailed
from hemvist.spreadsheets.sheets import read_sheet
from hemvist.spreadsheets.written import as_csv
from hemvist_api_inputs import fields_of, input_type, whole_input, with_value
from hemvist_attack import Tally
from hemvist_attack_api import Ask, Target, own_ids
from hemvist_portal.excel import Column, ListSheet, book_of
from hemvist_portal.files import given_out

#: Seconds that a file may cost before it is refused.
PATIENCE = 10.0
_FORMULAS = (
    '=HYPERLINK("https://evil.example")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "|x",
    "%0A=1",
)
_TYPST = (
    '#read("/etc/passwd")',
    '#import "/etc/passwd": *',
    '#eval("1+1")',
    "$ 1 + 1 $ #(7*7)",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    '\\#image("/x.png")',
    "] #panic() [",
    '"); #panic("',
)
_KEPT = "xl/worksheets/sheet1.xml"
HEAD = Letterhead("Provkommun", primary="#0b5e8a", contact=("provkommun.example",))
#: Who fetches a list: nobody in particular, in Swedish.
VISITOR = SimpleNamespace(words=lambda text: text)


def _book() -> bytes:
    """An honest workbook."""
    book = Workbook()
    book.active.append(["Hyresgäst", "Belopp"])
    book.active.append(["A", 1])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rewritten(changes: Mapping[str, bytes], names: Mapping[str, str] | None = None) -> bytes:
    """The honest workbook with some parts replaced, and some called otherwise everywhere."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_book())) as honest,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in honest.namelist():
            content = changes.get(name, honest.read(name))
            for old, new in (names or {}).items():
                content = content.replace(old.encode(), new.encode())
                name = name.replace(old, new)
            made.writestr(name, content)
        for name in changes.keys() - set(honest.namelist()):
            made.writestr(name, changes[name])
    return out.getvalue()


def _entities(levels: int) -> bytes:
    """A sheet whose one cell is ten times as long with each level."""
    inner = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(levels))
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>&e{levels};</t></is></c></row>'
    return (
        f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e0 "aaaaaaaaaa">{inner}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cell}</sheetData></worksheet>"
    ).encode()


def bombs() -> dict[str, bytes]:
    """Files that are far more than they look, or something else."""
    external = (
        b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
    )
    # What holds beside an honest list: only the look at the archive refuses it.
    many = {f"xl/media/{number}.xml": b"<a/>" for number in range(3_000)}
    few = _entities(2)
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", head),
            (b"IDAT", zlib.compress(b"\0" * 3_000_000, 9)),
            (b"IEND", b""),
        )
    )
    wide = b"".join(b"x;" * 5_000 + b"\n" for _ in range(3))
    return {
        "zeros": _rewritten({"xl/media/zeros.xml": b"<a>" + b"0" * 90_000_000}),
        "many parts": _rewritten(many),
        "few entities": _rewritten({_KEPT: few}),
        "few entities under another name": _rewritten({_KEPT: few}, {"sheet1.xml": "sheet1.dat"}),
        "entities": _rewritten({_KEPT: _entities(8)}),
        "entities under another name": _rewritten(
            {_KEPT: _entities(8)}, {"sheet1.xml": "sheet1.dat"}
        ),
        "entities as UTF-16": _rewritten({_KEPT: _entities(8).decode().encode("utf-16")}),
        "entities as UTF-16 under another name": _rewritten(
            {_KEPT: _entities(8).decode().encode("utf-16")}, {"sheet1.xml": "sheet1.dat"}
        ),
        "a file of the machine": _rewritten({_KEPT: external}),
        "a file of the machine under another name": _rewritten(
            {_KEPT: external}, {"sheet1.xml": "sheet1.dat"}
        ),
        "a path out": _rewritten({"../../../../tmp/planted.xml": b"<a/>"}),
        "a picture of 60 000 by 60 000": picture,
        "a page that is no picture": b"\xff\xd8\xff<script>alert(1)</script>",
        "a quote that is never closed": b'a;b\n"' + b"x" * 400_000,
        "a wide line": wide,
        "NUL": b"a;b\n\0;\0\n",
        "a half archive": _book()[:1_000],
        "a nest of lists": b"[" * 200_000,
        "a bomb of YAML": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(
            b"%c: &%c [%s]\n" % (c + 1, c + 1, b",".join([b"*%c" % c] * 9)) for c in range(97, 110)
        ),
    }


#: Asks an operation as ``command(label, paths of its file, content) -> answer``.
Send = Callable[[str, str, str], Mapping[str, Any]]


def taking_files(names: Sequence[str], input_of: Callable[[str], Any]) -> dict[str, str]:
    """Every command that takes a file, with the path of what holds it: called so, or said to be."""
    found: dict[str, str] = {}
    for command in names:
        kind = input_of(command)
        for path, scalar, _, _ in fields_of(kind):
            if scalar == "String" and (path.endswith("Base64") or _said_to_be(kind, path)):
                found.setdefault(command, path)
    return found


def _said_to_be(kind: GraphQLInputObjectType, path: str) -> bool:
    head, _, rest = path.partition(".")
    field = kind.fields[head.removesuffix("[0]")]
    inner = get_named_type(field.type)
    if rest and isinstance(inner, GraphQLInputObjectType):
        return _said_to_be(inner, rest)
    return "base64" in (field.description or "").lower()


def sent_by(ask: Ask, own: Target) -> Send:
    """Sends a file with a command of the kommun's API, beside ids of rows that there are."""

    def send(command: str, path: str, encoded: str) -> Mapping[str, Any]:
        body = with_value(own_ids(command, whole_input(command), own, ""), path, encoded)
        return ask(
            f"mutation M($input: {input_type(command).name}!)"
            f" {{ {command}(input: $input) {{ __typename }} }}",
            {"input": body},
        )

    return send


def attack_uploads(
    tally: Tally, takers: Mapping[str, str], send: Send, *, only: frozenset[str] = frozenset()
) -> set[str]:
    """Every command that takes a file gets every bomb: refused in its words and soon, or taken whole.

    Gives the commands that got so far as to look at one.
    """
    reached = set()
    for command, path in takers.items():
        if only and command not in only:
            continue
        for name, content in bombs().items():
            tally.strike("uploads", f"{command} {name}")
            encoded = base64.b64encode(content).decode()
            began = time.perf_counter()
            answer = send(command, path, encoded)
            if time.perf_counter() - began > PATIENCE:
                tally.find(f"{command} takes its time over {name}")
            if answer.get("errors"):
                tally.find(f"{command} fails on {name}")
            kind = ((answer.get("data") or {}).get(command) or {}).get("__typename", "")
            if kind not in ("NotFound", "NotAllowed", ""):
                reached.add(command)
    return reached


def refuses(content: bytes) -> bool:
    """Whether a list refuses to be read."""
    try:
        read_sheet(content, lambda headings: {one: one for one in headings})
    except ValidationFailed:
        return True
    return False


def attack_reading(tally: Tally, read: Any) -> None:
    """The reader of lists itself: every bomb that is an archive is refused, and none is opened."""
    for name, content in bombs().items():
        if not content.startswith(b"PK"):
            continue
        tally.strike("archives", name)
        began = time.perf_counter()
        refused = read(content)
        if time.perf_counter() - began > PATIENCE:
            tally.find(f"a list takes its time over {name}")
        if not refused and name not in ("a path out",):
            tally.find(f"a list of {name} is read")


def attack_lists_out(tally: Tally, visitor: Any) -> None:
    """A list as Excel whose every cell begins like a formula: each is a text, and says so."""
    columns = (Column("Ord", lambda row, _: row["text"]),)
    sheet = ListSheet("Lista", "", "", columns)
    with book_of(visitor, sheet, [{"text": one} for one in _FORMULAS]) as made:
        page = load_workbook(made).worksheets[0]
    cells = [row[0] for row in page.iter_rows(min_row=2)]
    for said, cell in zip(_FORMULAS, cells, strict=True):
        tally.strike("formulas", said)
        if cell.data_type != "s" or not cell.quotePrefix:
            tally.find(f"a cell that says {said!r} is a formula ({cell.data_type})")


def attack_csv(tally: Tally, written: Callable[[Any], str] = as_csv) -> None:
    """The same in a file of lines: nothing begins as a formula does."""
    for said, line in zip(
        _FORMULAS, csv.reader(io.StringIO(written([(one,) for one in _FORMULAS]))), strict=False
    ):
        tally.strike("formulas", f"csv {said}")
        if line and line[0].startswith(said):
            tally.find(f"a line that says {said!r} is a formula")


#: Who may make a workbook or a file of lines: lists for readers, an empty form without anybody's words.
MAKERS = {
    "hemvist_portal/excel.py",
    "hemvist/vacancies/template.py",
    "hemvist/spreadsheets/written.py",
}


def attack_makers(tally: Tally, roots: Sequence[Path]) -> None:
    """No module writes a spreadsheet past those that make texts of everything."""
    for root in roots:
        for path in sorted(root.rglob("*.py")):
            name = str(path.relative_to(root.parent))
            tally.strike("modules", name)
            for made in sorted(_made(ast.parse(path.read_text("utf-8")))):
                if name not in MAKERS:
                    tally.find(f"{name} makes {made} of its own")


def _made(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("openpyxl"):
            if "Workbook" in {alias.name for alias in node.names}:
                found.add("workbooks")
        elif isinstance(node, ast.ImportFrom) and node.module == "csv":
            if {"writer", "DictWriter"} & {alias.name for alias in node.names}:
                found.add("lines")
        elif (
            isinstance(node, ast.Attribute)
            and node.attr in ("writer", "DictWriter")
            and isinstance(node.value, ast.Name)
            and node.value.id == "csv"
        ):
            found.add("lines")
    return found


def attack_letters(tally: Tally, head: Letterhead) -> None:
    """A letter of words that are instructions: they stand there as they were written."""
    for said in _TYPST:
        tally.strike("letters", said)
        blocks = (Heading(said), Paragraph(said), Rows(said, (("f", said, said),)), Items((said,)))
        sheet = Sheet(said, (said,), said, date(2026, 11, 21), said, blocks, said)
        try:
            text = text_of(render(sheet, head).content)
        except Exception as error:
            tally.find(f"a letter that says {said!r} fails: {type(error).__name__}")
            continue
        if "root:x:" in text or "49" in text.replace("7*7", ""):
            tally.find(f"a letter carries out {said!r}")
        plain = "".join(text.split())
        if "".join(said.split()) not in plain:
            tally.find(f"a letter does not say {said!r} as it was written")


#: What would let a text through as it is, or run what stands in a page.
_UNESCAPED = (
    *(
        "|safe",
        "| safe",
        "autoescape false",
        "autoescape off",
        "javascript:",
        "<script>",
        "Markup(",
    ),
    *(" onclick=", " onload=", " onerror=", " onsubmit=", " onchange=", " style="),
)


def attack_templates(tally: Tally) -> None:
    """No template of the portal lets anything through unescaped."""
    folder = Path(hemvist_portal.__file__).parent / "templates"
    for path in sorted(folder.rglob("*.html")):
        tally.strike("templates", str(path.relative_to(folder)))
        text = path.read_text("utf-8")
        for word in _UNESCAPED:
            if word in text:
                tally.find(f"{path.relative_to(folder)} holds {word!r}")


#: What a file may be called by whoever sends it in, and what it may say that it is.
_NAMES = (
    "../../etc/passwd",
    "..\\..\\boot.ini",
    'x"; filename="evil.exe',
    "x\r\nSet-Cookie: planted=1",
    "/etc/passwd",
    "con.pdf\x00.exe",
    "\u00f6\u202egpj.exe",
)
_KINDS = ("text/html", "image/svg+xml", "application/pdf", "text/xml", "application/javascript")


def attack_names(tally: Tally, gives: Callable[[bytes, str, str], Any] = given_out) -> None:
    """A file given out under every such name and kind: a name and no path, and nothing in it runs."""
    for name in _NAMES:
        for kind in _KINDS:
            tally.strike("names of files", f"{name!r} {kind}")
            headers = gives(b"<script>alert(1)</script>", kind, name).headers
            said = headers["content-disposition"]
            called = said.partition("filename*=UTF-8''")[2]
            if not called or any(one in called for one in '/\\"\r\n\0;') or not called.isascii():
                tally.find(f"a file called {name!r} keeps that name: {said!r}")
            if "sandbox" not in headers.get("content-security-policy", ""):
                tally.find(f"a file of {kind} may run what it holds")
            if headers.get("x-content-type-options") != "nosniff":
                tally.find(f"a file of {kind} may be taken for something else")
