"""Opens Word documents in LibreOffice and tells what is in them; run by the system's own Python.

That Python alone has LibreOffice's `uno`, and nothing of ours, so this stands by itself:
`python3 office_worker.py PROFILE < jobs.json > results.json`, each job a path and what to do.
"""
# mypy: ignore-errors

import json
import subprocess
import sys
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

COMMANDS = {"accept": ".uno:AcceptAllTrackedChanges", "reject": ".uno:RejectAllTrackedChanges"}
WAIT = 120
WORD = "MS Word 2007 XML"
SAVED = {".docx": (WORD, ""), ".txt": ("Text (encoded)", "UTF8")}


def main() -> None:
    """Start LibreOffice once, and do every job with it."""
    profile = Path(sys.argv[1])
    pipe = f"clausebook{sha256(bytes(profile)).hexdigest()[:16]}"
    office = subprocess.Popen(
        [  # noqa: S607
            "soffice", "--headless", "--norestore", "--nologo", "--nodefault",
            f"-env:UserInstallation={profile.as_uri()}", f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        context = connect(pipe)
        manager = context.ServiceManager
        desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        does = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
        results = [job(manager, desktop, does, **one) for one in json.load(sys.stdin)]
        json.dump(results, sys.stdout)
        with suppress(Exception):  # it goes before it answers
            desktop.terminate()
        office.wait(WAIT)
    finally:
        office.kill()


def connect(pipe: str):  # noqa: ANN201
    """The running LibreOffice, as soon as it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + WAIT
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def job(manager, desktop, does, path: str, do: str = "", save: str = ""):  # noqa: ANN001, ANN201
    """Open one document, perhaps accept or reject all, perhaps save it; what is in it then.

    A document with comments can only be opened where nothing is done with it: without a screen,
    LibreOffice's Debian package has no windows for them, and ends.
    """
    address = Path(path).as_uri()
    if do:
        hidden = PropertyValue(Name="Hidden", Value=True)
        document = desktop.loadComponentFromURL(address, "_blank", 0, (hidden,))
    else:
        document = manager.createInstance("com.sun.star.text.TextDocument")
        filter_name = PropertyValue(Name="FilterName", Value=WORD)
        document.load((PropertyValue(Name="URL", Value=address), filter_name))
    try:
        changes = redlines(document)
        if do:
            frame = document.CurrentController.Frame
            does.executeDispatch(frame, COMMANDS[do], "", 0, ())
        if save:
            kind, how = SAVED[Path(save).suffix]
            chosen = PropertyValue(Name="FilterName", Value=kind)
            options = PropertyValue(Name="FilterOptions", Value=how)
            document.storeToURL(Path(save).as_uri(), (chosen, options))
        footers = document.StyleFamilies.getByName("PageStyles")
        return {
            "parts": list(parts(document.Text)),
            "changes": changes,
            "comments": comments(document),
            "footers": [
                footers.getByName(name).FooterText.String
                for name in footers.ElementNames
                if footers.getByName(name).isInUse() and footers.getByName(name).FooterIsOn
            ],
            "left": len(redlines(document)) if do else 0,
        }
    finally:
        document.close(True)  # noqa: FBT003 - LibreOffice's own signature


def parts(text):  # noqa: ANN001, ANN201
    """Every paragraph as its style and its text, every table as its rows of cells."""
    for part in every(text):
        if part.supportsService("com.sun.star.text.TextTable"):
            rows = {}
            for name in part.CellNames:
                digits = "".join(filter(str.isdigit, name))
                cell = part.getCellByName(name)
                rows.setdefault(int(digits), []).append([p.String for p in every(cell)])
            yield [rows[number] for number in sorted(rows)]
        else:
            yield [part.ParaStyleName, part.String]


def every(found):  # noqa: ANN001, ANN201
    """What can be gone through, gone through."""
    steps = found.createEnumeration()
    while steps.hasMoreElements():
        yield steps.nextElement()


def redlines(document):  # noqa: ANN001, ANN201
    """Every tracked change: what it is, who made it and when."""
    found = []
    for one in every(document.Redlines):
        when = one.RedlineDateTime
        day = f"{when.Year:04}-{when.Month:02}-{when.Day:02}"
        found.append([one.RedlineType, one.RedlineAuthor, day])
    return found


def comments(document):  # noqa: ANN001, ANN201
    """Who says what in the margin."""
    service = "com.sun.star.text.textfield.Annotation"
    fields = (field for field in every(document.TextFields) if field.supportsService(service))
    return sorted([field.Author, field.Content] for field in fields)


if __name__ == "__main__":
    main()
