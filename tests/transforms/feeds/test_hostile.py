"""Feeds made to hurt: each costs less than a second of work and 200 MB, in a process of its own, and ends in items or a reason."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAD = "<rss version='2.0'><channel><title>x</title>"
TAIL = "</channel></rss>"
ITEM = "<item><title>خبر من المدينة</title><link>http://x.test/1</link></item>"

#: Expressions that make the text, short enough to go to another process; and what may come out of it.
PACK = {
    "doctype of many lines": ("'<!DOCTYPE rss [\\n' + '<!ENTITY a \"b\">\\n' * 12000 + ']>' + HEAD + ITEM + TAIL", "items"),
    "doctype without an end": ("'<!DOCTYPE rss [' * 20000 + HEAD + ITEM + TAIL", "doctype"),
    "billion laughs": ("'<!DOCTYPE x [<!ENTITY a \"lol\">' + ''.join(f'<!ENTITY {chr(98 + i)} \"{(chr(38) + chr(97 + i) + chr(59)) * 10}\">' for i in range(9)) + ']>' + HEAD + '<item><title>&j;</title></item>' + TAIL", "items"),
    "external entity": ("'<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>' + HEAD + '<item><title>خبر &a;</title></item>' + TAIL", "items"),
    "surrogates": ("HEAD + '<item><title>خبر &#xD800;&#55296;&#x110000;</title></item>' + TAIL", "items"),
    "huge references": ("HEAD + '<item><title>خبر &#' + '9' * 1000000 + ';</title></item>' + TAIL", "items"),
    "attributes on one tag": ("HEAD + '<item ' + ' '.join(f'a{i}=\"x\"' for i in range(40000)) + '><title>خبر</title></item>' + TAIL", "feed-limits"),
    "nested tags": ("HEAD + '<item><title>خبر</title><description>' + '<b>' * 200000, ", "feed-limits"),
    "nested tags in cdata": ("HEAD + '<item><title>خبر</title><description><![CDATA[' + '<b>' * 200000 + ']]></description></item>' + TAIL", "any"),
    "unclosed items": ("HEAD + '<item>' * 100000", "feed-limits"),
    "a long tag": ("HEAD + '<item x=\"' + 'y' * 5000000 + '\">' + TAIL", "feed-limits"),
    "namespaces": ("'<rss ' + ' '.join(f'xmlns:n{i}=\"u{i}\"' for i in range(200)) + '><channel>' + ITEM + TAIL", "feed-limits"),
    "many items": ("HEAD + ITEM * 20000 + TAIL", "feed-limits"),
    "many categories": ("HEAD + '<item><title>خبر</title>' + '<category>x</category>' * 30000 + '</item>' + TAIL", "feed-limits"),
    "one long text": ("HEAD + '<item><title>خبر</title><description>' + 'نص ' * 2400000 + '</description></item>' + TAIL", "feed-limits"),
    "a long author": ("HEAD + '<item><title>خبر</title><author>' + 'a' * 100000 + '</author></item>' + TAIL", "items"),
    "ampersands": ("HEAD + '<item><title>خبر' + '&' * 1000000 + '</title></item>' + TAIL", "feed-limits"),
    "fewer ampersands": ("HEAD + '<item><title>خبر' + '&' * 400000 + '</title></item>' + TAIL", "items"),
    "unclosed cdata": ("HEAD + '<item><title>خبر</title><description>' + '<![CDATA[' * 100000", "any"),
    "comments": ("HEAD + '<!--' * 200000 + ITEM + TAIL", "any"),
    "blank lines": ("'\\n' * 3000000 + HEAD + ITEM + TAIL", "items"),
    "the name of a file": ("'/etc/passwd'", "not-a-feed"),
    "nothing": ("''", "not-a-feed"),
    "deep json": ("'[' * 100000", "any"),
    "deep json feed": ("'{\"version\": \"https://jsonfeed.org/version/1\", \"items\": ' + '[' * 100000", "json"),
    "a long number of json": ("'{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"title\": \"x\", \"id\": ' + '9' * 100000 + '}]}'", "any"),
}  # fmt: skip
PACK["nested tags"] = (PACK["nested tags"][0].rstrip(", "), "feed-limits")

PROGRAM = """
import re, time
from schemas.item import RawInput
from transforms.feeds.errors import BadInput
from transforms.feeds.rss import parse_feed
HEAD, TAIL, ITEM = {head!r}, {tail!r}, {item!r}
def read(text):
    try:
        found = parse_feed(RawInput(input="http://x.test/", format="feed", payload=text.encode()))
        return "items" if found and not any(isinstance(one, BadInput) for one in found) else "rejects"
    except BadInput as error:
        return error.reason
assert read(HEAD + ITEM + TAIL) == "items"
text = {text}
def most():
    return int(re.search("VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
# The most that was held begins anew with what is held now; it would be that of the test's own process.
open("/proc/self/clear_refs", "w").write("5")
before, started = most(), time.process_time()
outcome = read(text)
print(outcome, time.process_time() - started, most() - before)
"""


@pytest.mark.parametrize("name", PACK)
def test_it_costs_little_and_ends(name: str) -> None:
    text, expected = PACK[name]
    code = PROGRAM.format(head=HEAD, tail=TAIL, item=ITEM, text=text)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcome, seconds, megabytes = done.stdout.split()
    print(f"{name}: {outcome}, {float(seconds):.2f} s, {float(megabytes):.0f} MB")
    assert expected in ("any", outcome)
    assert float(seconds) < 1
    assert float(megabytes) < 200
