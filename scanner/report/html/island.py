"""Data inside a page: JSON that no parser of HTML takes for markup, in elements that no browser runs."""

from __future__ import annotations

import base64
import zlib

from scanner.jsonline import json_line


def island(name: str, value: object, group: str = "data") -> str:
    """One element that holds a value, found by its id; raises TypeError for what is no value of ours.

    The JSON is pure ASCII, so that line separators are escapes already, and `<`, `>` and `&` are made such: nothing in
    it can end the element. https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    """
    text = json_line(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f'<script type="application/json" class="{group}" id="{name}">{text}</script>\n'


def packed_island(name: str, value: object, group: str) -> str:
    """The same for what few ask for: deflated, in base64, so that a page has room for all of it.

    A browser unpacks it when it is asked for, by what it brings itself, and asks nobody: `deflate` there is the format
    of zlib. https://compression.spec.whatwg.org/#supported-formats
    """
    packed = base64.b64encode(zlib.compress(json_line(value).encode())).decode()
    return f'<script type="application/zlib" class="{group}" id="{name}">{packed}</script>\n'
