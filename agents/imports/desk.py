"""What the pages ask of imports: take in, look, cancel, try again, go on. The reading is done elsewhere (keeper, worker)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from agents.imports.keeper import Keeper
from agents.imports.queue import INDEXING, NOTE, QUEUE_NAME, Entry, ImportQueue
from agents.imports.records import LIVE, Board, Kept, Limits, Options, Sent, Trouble
from agents.imports.uploads import Arrived, Uploads, refusal, safe_name
from schema.errors import DocumentError, StoreBusy, StoreError
from store.store import Store

LOCK_NAME = "imports.lock"


class ImportDesk:
    """The queue of one home. Nothing is made in the home before somebody looks; every method may be called from any thread.

    One web app works through the queue of a home. Another one over the same home can look at it, but takes nothing in.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._uploads = Uploads(home)
        self._lock = FileLock(home / LOCK_NAME, timeout=0, thread_local=False)
        self._turn = threading.RLock()
        self._queue: ImportQueue | None = None
        self._keeper: Keeper | None = None

    def close(self) -> None:
        """Stop the process. What was waiting can be gone on with after the next start."""
        with self._turn:
            keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.close()
        with self._turn:
            if self._queue is not None:
                self._queue.close()
                self._queue = None
            self._lock.release()

    def board(self, owner: str) -> Board:
        """What a visitor sees.

        Raises:
            StoreError: the queue cannot be read.
        """
        if not (self._home / QUEUE_NAME).exists():
            return Board()
        queue = self._opened()
        self._claim()
        items = queue.items(owner)
        mine = sum(item.status in LIVE for item in items)
        waiting = queue.waiting()[0]
        indexing = bool(items) and not waiting and bool(queue.said(INDEXING))
        return Board(items=items, ahead=waiting - mine, indexing=indexing, note=queue.said(NOTE))

    def take(self, owner: str, batch: str, sent: Sent, options: Options, limits: Limits) -> None:
        """Take one file into the queue, or note why not; it is taken away from where it lies.

        Raises:
            StoreError: the queue cannot be written, or another web app works through it.
        """
        self._own()
        size = _size(sent.path)
        entry = Entry(owner, batch, safe_name(sent.name), size, options)
        if trouble := self._refusal(owner, size, limits):
            sent.path.unlink(missing_ok=True)
            self.refuse(owner, batch, sent.name, size, trouble)
            return
        try:
            arrived = self._uploads.arrive(sent)
        except DocumentError as e:
            self._opened().add(entry, "refused", trouble="told", told=e.told)
            return
        self._enqueue(entry, arrived)

    def take_pages(self, owner: str, batch: str, name: str, pages: Sequence[Sent], options: Options, limits: Limits) -> None:
        """Take the images of one folder: as one document where they are its pages in order, else each as a document of its own.

        Raises:
            StoreError: as `take`.
        """
        self._own()
        size = sum(_size(page.path) for page in pages)
        entry = Entry(owner, batch, safe_name(name), size, options)
        if not self._refusal(owner, size, limits):
            try:
                arrived = self._uploads.arrive_pages(name, pages)
            except DocumentError as e:
                self._opened().add(entry, "refused", trouble="told", told=e.told)
                return
            if arrived is not None:
                self._enqueue(entry, arrived)
                return
        for page in pages:
            self.take(owner, batch, page, options, limits)

    def refuse(self, owner: str, batch: str, name: str, size: int, trouble: Trouble, told: str = "") -> None:
        """Note a file that was not taken in, or not even sent.

        Raises:
            StoreError: as `take`.
        """
        self._own()
        self._opened().add(Entry(owner, batch, safe_name(name), max(0, size), Options()), "refused", trouble=trouble, told=told)

    def cancel(self, owner: str, item_id: int | None = None) -> None:
        """Take one of a visitor's documents out of the queue, or all that are not finished; also one that is being read."""
        self.leave(owner, item_id)
        queue = self._own()
        for kept in queue.kept(owner, ("waiting",), item_id):
            self._drop(queue, kept)
        for kept in queue.kept(owner, ("reading",), item_id):
            queue.ask_cancel(kept.item_id)
            self._kept().stop(kept.item_id)

    def retry(self, owner: str, item_id: int | None = None) -> None:
        """Try one of a visitor's failed documents again, or all that may go better."""
        queue = self._own()
        mine = {item.item_id for item in queue.items(owner) if item.again}
        queue.wait_again([kept.item_id for kept in queue.kept(owner, ("failed",), item_id) if kept.item_id in mine])
        self._kept().nudge()

    def resume(self, owner: str) -> None:
        """Go on with what a visitor had in the queue when the web app ended."""
        queue = self._own()
        queue.wait_again([kept.item_id for kept in queue.kept(owner, ("interrupted",))])
        self._kept().nudge()

    def leave(self, owner: str, item_id: int | None = None) -> None:
        """Do not go on with what a visitor had in the queue when the web app ended."""
        queue = self._own()
        for kept in queue.kept(owner, ("interrupted",), item_id):
            self._drop(queue, kept)

    def clear(self, owner: str) -> None:
        """Forget what is finished, and the files of what failed."""
        queue = self._own()
        gone = queue.kept(owner, ("done", "partial", "known", "failed", "refused", "cancelled"))
        failed = [kept for kept in gone if kept.status == "failed"]
        queue.forget([kept.item_id for kept in gone])
        self.release(failed)
        queue.say(NOTE, "")

    @property
    def process_id(self) -> int | None:
        """The worker's, while there is one."""
        return self._keeper.process_id if self._keeper is not None else None

    def _drop(self, queue: ImportQueue, kept: Kept) -> None:
        # Else the worker took it just now.
        if queue.drop(kept.item_id):
            self.release([kept])

    def _refusal(self, owner: str, size: int, limits: Limits) -> Trouble:
        queue = self._opened()
        return refusal(size, queue.waiting(), queue.waiting(owner)[0], limits, self._home)

    def _enqueue(self, entry: Entry, arrived: Arrived) -> None:
        queue = self._opened()
        queue.add(entry, "waiting", path=queue.relative(arrived.path), sha256=arrived.identity.sha256)
        self._kept().nudge()

    def release(self, rows: Sequence[Kept]) -> None:
        """Take the files of rows away that nothing stands on any more.

        Raises:
            StoreError: it cannot be told what stands on them.
        """
        queue = self._opened()
        free = [kept for kept in rows if kept.sha256 and not queue.standing_on(kept.path, kept.item_id)]
        if not free:
            return
        with Store.open(self._home) as store:
            for kept in free:
                self._uploads.release(kept.path, kept.sha256, store)

    def stored(self, kept: Kept) -> bool:
        """Whether what a row asks for is in the store, whatever the row says.

        Raises:
            StoreError: the store cannot be read.
        """
        if kept.ocr == "always":
            return False
        with Store.open(self._home) as store:
            found = store.known(kept.sha256)
        return found is not None and found.status == "done"

    def _opened(self) -> ImportQueue:
        with self._turn:
            if self._queue is None:
                self._queue = ImportQueue.open(self._home)
            return self._queue

    def _claim(self) -> bool:
        """Whether the queue is this web app's to work through. The first time that it is, whatever an earlier one left is put aside."""
        with self._turn:
            if self._lock.is_locked:
                return True
            queue = self._opened()
            try:
                self._lock.acquire()
            except Timeout:
                return False
            except OSError as e:
                raise StoreError(f"{self._home}：导入队列写不了（{e.strerror or e}）。请检查写权限和磁盘空间。") from e
            queue.interrupt()
            queue.say(INDEXING, "")
            self._uploads.sweep()
            return True

    def _own(self) -> ImportQueue:
        queue = self._opened()
        if not self._claim():
            raise StoreBusy("另一个绩核网页正在用同一个数据文件夹导入。请到那个网页里导入，或先关掉它。")
        return queue

    def _kept(self) -> Keeper:
        with self._turn:
            if self._keeper is None:
                self._keeper = Keeper(self._home, self._opened(), self)
            return self._keeper


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
