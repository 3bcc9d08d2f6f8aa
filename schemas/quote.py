"""The `quotes` table: one row is one direct or indirect quotation."""

from dataclasses import dataclass

from schemas.columns import column


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    quote_id: str = column("Hash of version_id, start and end")
    version_id: str = column("The article version that the offsets point into")
    sentence_index: int = column("The sentence that the content stands in, from 0")
    start: int = column("First code point of the quoted content in articles.text")
    end: int = column("One past its last code point")
    text: str = column("articles.text[start:end]")
    direct: bool = column("True where the words stand in quotation marks or after a colon as speech")
    cue_start: int | None = column(
        "First code point of the speech verb or phrase; null where the quote only goes on", default=None
    )
    cue_end: int | None = column("One past its last code point", default=None)
    cue: str | None = column("articles.text[cue_start:cue_end]", default=None)
    speaker_start: int | None = column(
        "First code point of the speaker phrase in the sentence; null where only a pronoun tells", default=None
    )
    speaker_end: int | None = column("One past its last code point", default=None)
    speaker_text: str | None = column("articles.text[speaker_start:speaker_end]", default=None)
    speaker_name: str | None = column("Who that is: the fullest name that the article gives", default=None)
    speaker_role: str | None = column("Title, rank or office of the speaker, as told", default=None)
    run_id: str = column("The run that wrote the row")
    analyzer_version: str = column("Hash of the code, data files and models that made the row")
