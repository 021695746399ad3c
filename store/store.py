"""The store: one object through which forms are kept and asked for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import select

from schema.checks import Finding, Profile, load_profile
from schema.errors import CanonicalError, StoreBusy, StoreError, UsageError
from schema.form import Form
from schema.observing import observe
from schema.reading import DocumentReading, PageReport
from store.database import Database, parse_url, sqlite_url
from store.home import database_file, make_home, resolve_url
from store.migrate import bring_up_to_date
from store.models import FormRow
from store.places import absolute
from store.records import (
    Change,
    Correction,
    Counts,
    DocumentSummary,
    FormFacets,
    FormFilter,
    FormLines,
    FormSummary,
    ImportResult,
    RemovedDocument,
    Run,
    SavedDocument,
    Slice,
    VersionSummary,
)
from store.repository import changes, documents, documents_found, findings, findings_listed, lines, listing, lookup, readings, review, runs
from store.repository.findings_counted import count_findings
from store.review_records import (
    CellRef,
    FindingsPage,
    FindingsWanted,
    ListedFinding,
    MadeCorrection,
    ReviewFilter,
    ReviewQueue,
    Verdict,
)
from store.state import Remembered


class Store:
    """Forms at rest. Open one with `Store.open`; it is a context manager.

    Every method is one transaction, or several whole ones; errors of the database come as StoreError. One Store may be used by
    several threads, one database by several processes.
    """

    def __init__(self, home: Path, database: Database, profile: Profile) -> None:
        self.home = home
        self.database = database
        self.profile = profile
        self._remembered = Remembered()

    @classmethod
    def open(cls, home: Path, url: str | None = None, profile: str = "shanghai", *, create: bool = True) -> Self:
        """The store in this home, made or upgraded where needed.

        Args:
            home: the folder; see store.home.resolve_home.
            url: a database elsewhere; default JIHE_DATABASE_URL, else the file in the home.
            profile: whose thresholds the checks use.
            create: make the home when it is missing; else that is an error.

        Raises:
            UsageError: there is no home and `create` is off.
            StoreVersion: a newer jihe wrote the database.
            StoreError: home or database cannot be used.
        """
        thresholds = load_profile(profile)
        address = resolve_url(url)
        if not create and address is None and not database_file(home).exists():
            raise UsageError(f"{home}：这里还没有数据。请先用 jihe ingest 导入文件，或用 --home 指定数据所在的文件夹。")
        make_home(home)
        store = cls(home, Database(parse_url(address) if address else sqlite_url(database_file(home))), thresholds)
        try:
            bring_up_to_date(store.database, home)
            store._mend()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    # Documents

    def known(self, sha256: str) -> DocumentSummary | None:
        """The document with these bytes. One that is done need not be read again; one that failed should."""
        with self.database.read() as connection:
            return documents_found.known_document(connection, sha256)

    def documents(self) -> list[DocumentSummary]:
        """Every document, failed ones among them, in the order they were stored."""
        with self.database.read() as connection:
            return documents_found.list_documents(connection)

    def pages(self, sha256: str) -> list[PageReport]:
        """What became of the pages of the document with these bytes, in order; empty for one that was never read."""
        with self.database.read() as connection:
            return documents_found.list_pages(connection, sha256)

    def save(self, reading: DocumentReading, run_id: int, *, again: bool = False) -> SavedDocument:
        """Keep what one document says, whole or not at all; for bytes that are kept already only the path is remembered.

        With `again` the new reading takes the place of the kept one; what people corrected stays.
        """
        incoming = documents.Incoming(
            reading.file, reading.sha256, reading.size, reading.kind, reading.pages, reading.forms, reading.seconds
        )
        with self.database.write() as connection:
            if again:
                documents.forget_reading(connection, incoming.sha256, self.profile)
            return documents.save_document(connection, incoming, run_id, self.profile)

    def save_failure(self, file: str, sha256: str | None, size: int, reason: str, run_id: int) -> int:
        """List a document that could not be read, and why; its id. Bytes that were read before stay as they are."""
        failed = documents.Incoming(file, sha256 or "", size, "", (), (), None)
        with self.database.write() as connection:
            return documents.save_failure(connection, failed, reason, run_id)

    def remember(self, sha256: str, file: Path | str) -> None:
        """Note one more path under which the document with these bytes was met, so that it is found by that path, too."""
        present = self.known(sha256)
        if present is None or absolute(file) in present.files:
            return
        with self.database.write() as connection:
            documents.remember_file(connection, present.document_id, absolute(file))

    def import_forms(
        self, forms: Sequence[Form], file: Path, *, findings: Mapping[str, list[Finding]] | None = None, settle: bool = True
    ) -> ImportResult:
        """Keep canonical forms as they are, the file being their document; the same bytes again change nothing.

        A form without a source ranks behind every reading of a document, since nothing in it can be looked up on a page.

        Args:
            findings: what check_form found by the profile of this store, by form_id, where that is known already.
            settle: compare the units of the forms at once. Whoever imports many files calls `settle` once at the end (store.importing).

        Raises:
            CanonicalError: two forms of the file have one form_id, or a form_id belongs to another form already.
            StoreError: the file cannot be read, or the database not written.
        """
        twice = [form_id for form_id, times in Counter(form.form_id for form in forms).items() if times > 1]
        if twice:
            raise CanonicalError(f"{file}：form_id {twice[0]} 出现了不止一次。请改成各不相同后再导入。")
        try:
            content = file.read_bytes()
        except OSError as e:
            raise StoreError(f"{file}：读不出来（{e.strerror or e}）。请检查路径和权限。") from e
        sha256 = hashlib.sha256(content).hexdigest()
        incoming = documents.Incoming(str(file), sha256, len(content), "canonical", (), tuple(forms), None, findings)
        with self.database.write() as connection:
            documents.refuse_strangers(connection, incoming)
            run_id = runs.start_run(connection, f"import {file}")
            saved = documents.save_document(connection, incoming, run_id, self.profile)
            runs.finish_run(connection, run_id)
        if settle:
            self.settle()
        return ImportResult(file=str(file), new=saved.new, forms=len(forms), current=saved.current)

    def remove(self, document: str) -> RemovedDocument:
        """Take a document out, by path, file name or beginning of its sha256; corrections are kept.

        Raises:
            UsageError: no such document, or several.
        """
        with self.database.write() as connection:
            removed = documents.remove_document(connection, documents_found.find_document(connection, document), self.profile)
        self.settle()
        return removed

    # Forms

    def forms(self, wanted: FormFilter | None = None) -> list[FormSummary]:
        """One line per form, in the order they were first read."""
        with self.database.read() as connection:
            return listing.list_forms(connection, wanted or FormFilter())

    def form_lines(self, wanted: FormFilter, part: Slice) -> FormLines:
        """A part of the list of forms in some order, and how many there are; cheap for a part of a long list."""
        with self.database.read() as connection:
            return lines.list_lines(connection, wanted, part)

    def form_facets(self) -> FormFacets:
        """The years and departments that the forms can be filtered by."""
        with self.database.read() as connection:
            return self._remembered.get(connection, lines.list_facets, lambda: lines.list_facets(connection))

    def get(self, form: str) -> Form:
        """The form as it stands, corrections applied, by id, beginning of the id, project name or part of it.

        Raises:
            UsageError: none, or several; the message names the candidates.
        """
        with self.database.read() as connection:
            found = lookup.find_form(connection, form)
            return readings.load_forms(connection, [found.version_id])[found.version_id]

    def iter_forms(self) -> Iterator[Form]:
        """Every form as it stands, in the order they were first read, out of one state of the store and in bounded memory."""
        with self.database.read() as connection:
            yield from readings.iter_current(connection)

    def versions(self, form: str) -> list[VersionSummary]:
        """The kept readings of a form, oldest first."""
        with self.database.read() as connection:
            return listing.list_versions(connection, lookup.find_form(connection, form).form_pk)

    def choose_version(self, form: str, version_id: int | None, who: str) -> Form:
        """Make a reading current over better ranked ones, or with None let the ranking decide again; the form as it now stands.

        Raises:
            UsageError: the form has no such reading.
        """
        with self.database.write() as connection:
            form_id = changes.choose(connection, form, version_id, who, self.profile)
        self.settle()
        return self.get(form_id)

    # Corrections

    def correct(self, form: str, cell: str, value: str, who: str) -> Change:
        """Set a cell to what a person typed; the present value typed again confirms it and takes its review mark away.

        Raises:
            UsageError: no such form or cell, or the value does not fit it.
        """
        return self._apply(form, cell, changes.Typed(value, who))

    def undo(self, form: str, cell: str, who: str) -> Change:
        """Take back the latest correction of a cell that stands.

        Raises:
            UsageError: no such form, or the cell has no correction.
        """
        return self._apply(form, cell, changes.Typed(None, who))

    def corrections(self, form: str) -> list[Correction]:
        """Every correction of a form, undone ones among them, in the order they were made."""
        with self.database.read() as connection:
            return changes.corrections_of(connection, form)

    # Review

    def review_queue(self, wanted: ReviewFilter, left_out: Sequence[CellRef] = (), limit: int = 20) -> ReviewQueue:
        """The marked cells of all forms, those first on which most hangs, without those left out; and how many there are."""
        with self.database.read() as connection:
            return review.queue(connection, wanted, left_out, limit)

    def review(self, verdict: Verdict, who: str) -> Change:
        """What a reviewer says of a marked cell: its value, or that the original cannot be read; a correction like any other.

        Raises:
            CellChanged: the cell, its mark or its row is not as the reviewer saw it.
            UsageError: no such form or cell, or the value does not fit it.
        """
        seen = changes.Seen(verdict.seen_value, verdict.seen_row)
        return self._apply(verdict.form_id, verdict.cell, changes.Typed(verdict.value, who, verdict.note, seen))

    def take_back(self, correction_id: int, who: str) -> Change:
        """Take back one correction, whichever came after it.

        Raises:
            UsageError: no such correction, its form is gone, or it was taken back already.
        """
        with self.database.write() as connection:
            change = changes.take_back(connection, correction_id, who, self.profile)
        return self._followed(change)

    def corrections_made(self, limit: int, who: str | None = None) -> list[MadeCorrection]:
        """The latest corrections of all forms, undone ones among them, newest first; of one person, or of all."""
        with self.database.read() as connection:
            return review.corrections_made(connection, limit, who)

    def iter_reviewed(self) -> Iterator[Form]:
        """The forms that people worked on and of which no cell is in doubt any more: gold, corrections applied."""
        with self.database.read() as connection:
            yield from review.iter_versions(connection, review.reviewed_versions(connection))

    # Findings

    def findings_page(self, wanted: FindingsWanted, offset: int = 0, limit: int = 50) -> FindingsPage:
        """A slice of the findings with their places, and how many there are by rule, severity, department and year."""
        with self.database.read() as connection:
            counted = self._remembered.get(connection, wanted.unsorted, lambda: count_findings(connection, wanted))
            return findings_listed.page_of(connection, wanted, offset, limit, counted)

    def iter_findings(self, wanted: FindingsWanted) -> Iterator[ListedFinding]:
        """The findings with their places, out of one state of the store and in bounded memory."""
        with self.database.read() as connection:
            yield from findings_listed.listed(connection, wanted)

    def findings(self, form: str | None = None, rule: str | None = None, severity: str | None = None) -> list[Finding]:
        """What the checks found on the forms as they stand: of all forms, or of one; of all rules or severities, or of one."""
        with self.database.read() as connection:
            form_id = lookup.find_form(connection, form).form_id if form is not None else None
            return findings.list_findings(connection, findings.FindingFilter(form_id, rule, severity))

    def settle(self) -> None:
        """Bring the cross-form findings of units whose forms changed up to date. Cheap when none did."""
        while self._unsettled():
            with self.database.write() as connection:
                # Asked again under the lock: another process may have settled them meanwhile.
                units = findings.dirty_units(connection)
                findings.settle_units(connection, units, self.profile)

    # Runs

    def start_run(self, command: str) -> int:
        """Note that a run begins; its id goes with every document it saves."""
        with self.database.write() as connection:
            return runs.start_run(connection, command)

    def finish_run(self, run_id: int) -> None:
        """Note that a run came to its end, and settle what it left."""
        self.settle()
        with self.database.write() as connection:
            runs.finish_run(connection, run_id)

    def runs(self, limit: int = 20) -> list[Run]:
        """The latest runs, newest first."""
        with self.database.read() as connection:
            return runs.list_runs(connection, limit)

    def counts(self) -> Counts:
        """How much the store holds."""
        with self.database.read() as connection:
            standing = self._remembered.get(connection, listing.count_standing, lambda: listing.count_standing(connection))
            return listing.count_everything(connection, standing)

    def _unsettled(self) -> list[str]:
        with self.database.read() as connection:
            return findings.dirty_units(connection)

    def _mend(self) -> None:
        # A run that was killed left units unsettled, an upgrade of jihe findings of old rules. While another process writes, both are its
        # business.
        try:
            self._renew_findings()
            self.settle()
        except StoreBusy:
            return

    def _renew_findings(self) -> None:
        """Check all forms again where the rules changed since; whole batches, so that others get their turn and a kill loses little."""
        with self.database.read() as connection:
            if not findings.is_outdated(connection, self.profile):
                return
            form_pks = list(connection.execute(select(FormRow.id).order_by(FormRow.id)).scalars())
        for start in range(0, len(form_pks), readings.BATCH):
            with self.database.write() as connection:
                findings.renew(connection, form_pks[start : start + readings.BATCH], self.profile)
        with self.database.write() as connection:
            findings.note_renewed(connection, self.profile)

    def _apply(self, form: str, cell: str, typed: changes.Typed) -> Change:
        with self.database.write() as connection:
            change = changes.change(connection, form, cell, typed, self.profile)
        return self._followed(change)

    def _followed(self, changed: changes.Changed) -> Change:
        """What a change did, once everything that hangs on it was brought up to date."""
        self.settle()
        with self.database.read() as connection:
            done = changes.told(connection, changed)
        observe("correction", form=done.event.form_id, cell=done.event.cell, undone=done.event.undone_at is not None)
        return done
