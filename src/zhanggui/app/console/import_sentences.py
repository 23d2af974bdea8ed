"""Sentences of errors in the reader's language: of the importer on rows and files, of rules, of jobs that failed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from zhanggui.app.web.problems import said, said_whole
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.jobs import message_of
from zhanggui.kernel.words import N_

from .brief_sentences import BRIEF_SENTENCES
from .rule_sentences import GAP_WORDS, RULE_SENTENCES
from .training_sentences import TRAINING_SENTENCES

SENTENCES: Final = (
    N_("nothing where a value is needed"),
    N_("not a number"),
    N_("not a whole number"),
    N_("not a date"),
    N_("not a date that exists"),
    N_("a date outside 1900 to 2200"),
    N_("a date of which nobody knows whether the day or the month comes first"),
    N_("a price below zero"),
    N_("a number beyond what a shop counts"),
    N_("a count beyond 2,147,483,647"),
    N_("a word that the shop does not know here"),
    N_("neither an age band nor an age in years"),
    N_("an address where a province is meant"),
    N_("no currency of ISO 4217"),
    N_("no language tag"),
    N_("characters that the file's encoding does not explain"),
    N_("an id with a control character in it"),
    N_("{seen} cells where the header names {width}"),
    N_("cells that cannot be parted: {error}"),
    N_("a quote opened on line {line} does not close; the lines to {end} were taken for its text"),
    N_("a quote opened on line {line} does not close"),
    N_("a long number that a spreadsheet has rounded to {seen}; its last digits are lost"),
    N_("{seen} characters, at most {limit} are kept"),
    N_("an id of {seen} characters; at most {limit} are allowed"),
    N_("nested too deep"),
    N_("not a JSON object: {error}"),
    N_("neither a unit price nor an amount"),
    N_("nothing says which product this is"),
    N_("a quantity below zero"),
    N_("more than can be counted exactly"),
    N_("a product without a title"),
    N_("one of {seen} lines of one order; at most {limit} are kept"),
    N_("It names neither customer_id nor visitor_id."),
    N_("Fill it in."),
    N_("Write a number such as 1234.50."),
    N_("Set decimal_comma = true in the map."),
    N_("Name it in the map, under [values.FIELD]."),
    N_("Did you mean {near}?"),
    N_("Map a column to {field} (see import-profile)."),
    N_('Say in the map what it means: [orders] negative_quantity = "return" or "stock-adjustment".'),
    N_("Say so in the map: date_formats = {formats} or {others}."),
    N_("Export the column as text: in Excel, format the cells as Text before the file is saved."),
    N_("One flat object a record."),
    N_("Name one of them."),
    N_("Shorten the text."),
    N_("Shorten the id."),
    N_("Save the file as UTF-8."),
    N_("Remove tabs and line breaks from the id."),
    N_("Check the column."),
    N_("Count in whole units."),
    N_("Prices are not negative; a return has a negative quantity."),
    N_("Put cells that hold the separator into double quotes."),
    N_('Close it with a second ", or take it out; a cell holds at most 131,072 characters.'),
    N_("Write dates as 2024-01-05 13:05."),
    N_("Write dates as 2024-01-05 13:05, or name date_formats in the map."),
    N_("Mend the record, then import the file again."),
    N_("{file} is empty."),
    N_("{file} has no rows."),
    N_("{file} has no records."),
    N_("{file} has no sheet with rows."),
    N_("This is a picture ({format}): {file}."),
    N_("{file} is a {format} file, which holds no table."),
    N_("{file} is a web page, whatever its name says."),
    N_("{file} is not a sound XLSX file: {error}"),
    N_("{file} cannot be read: {error}"),
    N_("{file} is not a sound Parquet file: {error}"),
    N_("{file} is not JSON: {error}"),
    N_("{file} is nested too deep."),
    N_("{file} breaks off: {error}"),
    N_("{file} has no header row: none of its first {rows} rows names columns."),
    N_("{file} has a line of more than {limit} characters."),
    N_("{file} unpacks to {times} times its size, as decompression bombs do."),
    N_("{file} unpacks to {size} MiB in {parts} parts; at most {limit} MiB in {most} are read."),
    N_("{file} holds a part named {part}, outside itself."),
    N_("{file} is an export of the history, which an import would count twice."),
    N_("The upload is over {limit} MiB."),
    N_("The upload {file} is gone."),
    N_("Upload it again."),
    N_("Export it again."),
    N_("Export it as CSV."),
    N_("Export it as CSV, or split it."),
    N_("Export it as XLSX or CSV."),
    N_("Unpack it first."),
    N_("Unpack it first: gunzip FILE"),
    N_("Save it in Excel as XLSX."),
    N_("Save it again in Excel as XLSX."),
    N_("Save it again in Excel."),
    N_("Check that the right sheet or file was exported."),
    N_("Check which sheet was exported."),
    N_("Put the column names into the first row."),
    N_("It is not a table of text; export it again as CSV or XLSX."),
    N_("Pictures come in by folder: zhanggui import SHOP images FOLDER"),
    N_("The process that ran this job died each time."),
    N_("{code} is no currency of ISO 4217."),
    N_("{text} is no licence of texts."),
    N_("Nobody has said what the rows are."),
    N_("No upload {id} waits to be taken."),
    N_("Upload the file again."),
    N_("Choose it."),
    N_("Rows about people need a legal basis."),
    N_("A consent names the notice that was agreed to."),
    N_("Write consent:privacy-2026-01."),
    N_("Choose one."),
)
"""What the importer says of rows and files, as it says it; `{…}` stands for what it saw."""


def told(text: str, say: Callable[[str], str]) -> str:
    """A sentence of the importer in the reader's language; as it is where nobody has put it into words."""
    known = _known(text)
    if known is None:
        return text
    sentence, gaps = known
    return (
        say(sentence).format_map({gap: _filled(gap, seen, say) for gap, seen in gaps.items()})
        if gaps
        else say(sentence)
    )


def _filled(gap: str, seen: str, say: Callable[[str], str]) -> str:
    """What stands in a gap: a part of ours in the reader's words; what a user wrote and what is code, as it is."""
    if gap in _PARTS:
        return told(seen, say)
    word = GAP_WORDS.get(gap, {}).get(seen)
    return seen if word is None else say(word)


def _known(text: str) -> tuple[str, dict[str, str]] | None:
    """The sentence that a text is, with what fills its gaps; None for one that is not listed."""
    if text in _ALL:
        return text, {}
    for pattern, sentence in _patterns():
        found = pattern.fullmatch(text)
        if found:
            return sentence, found.groupdict()
    return None


def failure_told(error: ZhangguiError, language: str, say: Callable[[str], str]) -> str:
    """An error of the importer: its own sentence where that has words, for it says more than its code does."""
    return told(str(error), say) if _known(str(error)) else said(error, language)


def whole_told(error: ZhangguiError, language: str, say: Callable[[str], str]) -> str:
    """An error and its cure, sentence by sentence where its own have words; else as `said_whole` has it."""
    if _known(str(error)) is None:
        return said_whole(error, language)
    return _joined((told(str(error), say), _each_told(error.hint, say)))


def told_error(error: str, say: Callable[[str], str]) -> str:
    """The error that a job ended with, without the name of its class: sentence by sentence, or as a whole."""
    return _each_told(message_of(error), say)


def _each_told(text: str, say: Callable[[str], str]) -> str:
    head, stop, tail = text.partition(". ")
    if stop and (_known(f"{head}.") or not _known(text)):
        return _joined((told(f"{head}.", say), _each_told(tail, say)))
    return told(text, say)


def _joined(sentences: Iterable[str]) -> str:
    """Sentences one after the other: after a full stop of Chinese stands no space."""
    found = ""
    for sentence in filter(None, sentences):
        found += sentence if not found or found[-1] in "。？！" else f" {sentence}"
    return found


_PARTS: Final = frozenset({"what", "wanted", "meaning"})
"""The gaps in which a part of a sentence stands, which is ours too."""
_ALL: Final = (*SENTENCES, *BRIEF_SENTENCES, *RULE_SENTENCES, *TRAINING_SENTENCES)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each sentence with a gap, as a pattern; the longest first, so that the most exact one is found."""
    gapped = sorted((each for each in _ALL if "{" in each), key=len, reverse=True)
    return tuple(
        (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(each)), re.DOTALL), each) for each in gapped
    )
