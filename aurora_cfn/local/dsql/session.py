"""One session between DSQL's dialect and PostgreSQL, which makes its transactions lock-free as DSQL's are.

PostgreSQL runs them as repeatable read, which is DSQL's snapshot isolation. Three things differ:
a statement never waits for another transaction, but works on a private copy of the table from there on;
the first commit wins, so a commit takes back what other open transactions have changed in its rows;
the later one fails at its commit with 40001 (OC000).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aurora_cfn.local.dsql.catalogue import Catalogue
from aurora_cfn.local.dsql.frames import (
    CANCELLED,
    CONFLICT,
    OUTDATED,
    SERIALIZATION,
    Frame,
    closing,
    code_of,
    error,
    query,
    renamed,
    strongest,
    worded,
)
from aurora_cfn.local.dsql.private_copy import Table, tables
from aurora_cfn.local.dsql.statements import Statement
from aurora_cfn.local.front.accept import Streams
from aurora_cfn.local.postgres.administration import blockers, cancel
from aurora_cfn.local.postgres.front.messages import message, read_message
from aurora_cfn.local.postgres.server import PostgresServer

# The limit of PostgreSQL itself: a message is allocated in one piece of less than 1 GB (MaxAllocSize).
LARGEST_MESSAGE = 1 << 30
FIRST_LOOK, LONGEST_LOOK = 0.03, 0.5
"""Seconds until a statement that has not answered is looked at for the first time, and at most between two looks."""
BASE, STEP = "local_base", "local_step"
IDLE, OPEN, FAILED = b"I", b"T", b"E"


class BlockedError(Exception):
    """A statement waits for another open transaction."""


@dataclass(eq=False, slots=True)
class Session:
    """`others` are all open sessions of the cluster by the process id of their backend, this one included."""

    client: Streams
    backend: Streams
    pid: int
    server: PostgresServer
    others: dict[int, Session]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    status: bytes = IDLE
    has_base: bool = False
    has_step: bool = False
    lost: bool = False
    """Another transaction has committed a change of the same rows: this one cannot commit any more."""
    outdated: bool = False
    """The schema has changed under the open transaction: it was rolled back, and the client does not know yet."""
    catalogue: Catalogue = field(init=False)
    copies: dict[str, Table] = field(default_factory=dict)
    _prepared: dict[str, str] = field(default_factory=dict)
    _answers: asyncio.Queue[Frame] = field(default_factory=asyncio.Queue)
    _held: bool = False
    _ready: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.catalogue = Catalogue(self.server.folder)

    async def run(self) -> None:
        """Carry messages until either side ends."""
        self.others[self.pid] = self
        reading = asyncio.ensure_future(self._read_backend())
        try:
            await self._read_client()
        except (OSError, asyncio.IncompleteReadError):
            pass  # most clients close the connection without a Terminate message
        finally:
            self.others.pop(self.pid, None)
            reading.cancel()
            for _, writer in (self.backend, self.client):
                writer.close()

    async def _read_client(self) -> None:
        cycle: list[Frame] = []
        while True:
            frame = await read_message(self.client[0], LARGEST_MESSAGE)
            cycle.append(frame)
            # Query and Sync end a cycle; Flush asks for the answer so far, and Terminate ends the session.
            if frame[0] in b"QS":
                async with self.lock:
                    await self._serve(cycle)
                cycle = []
            elif frame[0] == b"H":
                self._note(cycle)
                self._send(cycle)
                cycle = []
            elif frame[0] == b"X":
                self._send(cycle)
                return

    async def _read_backend(self) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                frame = await read_message(self.backend[0], LARGEST_MESSAGE)
                if frame[0] == b"Z":
                    self.status = frame[1]
                if self._held:
                    self._answers.put_nowait(frame)
                    continue
                self.client[1].write(message(*frame))
                if frame[0] == b"Z":
                    self._ready.set()
                await self.client[1].drain()
        self._answers.put_nowait((b"", b""))  # a reader that waits for an answer must not wait for ever
        self._ready.set()
        self.client[1].close()

    async def _serve(self, cycle: list[Frame]) -> None:
        """Answer one cycle: a simple query, or extended messages up to their Sync."""
        statement = strongest(self._note(cycle))
        cycle = renamed(cycle, tuple(self.copies))
        in_transaction = self.status == OPEN
        if statement.kind == "ddl":
            self.catalogue.change(statement.uses)
        elif statement.kind == "rollback":
            self.catalogue.refresh()
        if self.outdated:
            await self._refuse_outdated(cycle, statement)
        elif self.status != FAILED and statement.kind in {"read", "write"} and self.catalogue.use(statement.uses):
            self._answer(
                [(b"E", error(SERIALIZATION, OUTDATED)), (b"Z", await self._fail() if in_transaction else IDLE)]
            )
        elif statement.kind == "commit" and in_transaction:
            await self._commit(cycle)
        elif statement.kind == "write" and in_transaction:
            self._answer(await self._write(cycle, statement))
        elif statement.kind in {"write", "several", "ddl"}:
            self._answer(worded(await self._held_answer(cycle, wins=True, whole=statement.kind == "ddl")))
        else:
            await self._pass(cycle)
        if self.status == IDLE:
            self._forget()

    def _forget(self) -> None:
        self.has_base = self.has_step = self.lost = False
        self.copies.clear()

    async def _refuse_outdated(self, cycle: list[Frame], statement: Statement) -> None:
        self.outdated = False
        self.catalogue.refresh()
        if statement.kind == "rollback":
            await self._pass(cycle)
        else:
            self._answer([(b"E", error(SERIALIZATION, OUTDATED)), (b"Z", IDLE)])

    def _note(self, cycle: Iterable[Frame]) -> list[str]:
        """The statements that the cycle runs."""
        found = []
        for kind, payload in cycle:
            if kind == b"Q":
                found.append(payload.rstrip(b"\0").decode("utf-8", "replace"))
            elif kind == b"P":
                name, text = payload.split(b"\0", 2)[:2]
                self._prepared[name.decode()] = text.decode("utf-8", "replace")
            elif kind == b"B":
                found.append(self._prepared.get(payload.split(b"\0", 2)[1].decode(), ""))
        return found

    async def _write(self, cycle: list[Frame], statement: Statement) -> list[Frame]:
        """Run a statement that changes or locks rows of an open transaction; it never waits for another one."""
        ours: list[Frame] = []
        # Each attempt can meet a change in one more of its tables.
        for _ in range(len(statement.tables) + 1):
            await self._mark()
            try:
                answer = await self._held_answer([*ours, *renamed(cycle, tuple(self.copies))], wins=False)
            except BlockedError:
                await asyncio.to_thread(cancel, self.server, self.pid)
                answer = [(b"E", error(CANCELLED, "")), *await self._until_ready()]
            if code_of(answer) not in {SERIALIZATION, CANCELLED}:
                break
            await self._order(f"ROLLBACK TO SAVEPOINT {STEP}")
            if not await self._copy(statement.tables):
                answer = [(b"E", error(SERIALIZATION, CONFLICT)), (b"Z", await self._fail())]
                break
            ours = closing(cycle)
        return answer[len(ours) :] if code_of(answer) not in {SERIALIZATION, CANCELLED} else answer

    async def _mark(self) -> None:
        """Set the savepoints to which a statement, or all statements of the transaction, can be taken back."""
        orders = [] if self.has_base else [f"SAVEPOINT {BASE}"]
        orders += [f"RELEASE SAVEPOINT {STEP}"] if self.has_step else []
        await self._order("; ".join([*orders, f"SAVEPOINT {STEP}"]))
        self.has_base = self.has_step = True

    async def _fail(self) -> bytes:
        """Leave the transaction failed, as after any error."""
        # PostgreSQL has no statement for it: any error does it.
        await self._order("SELECT 1/0")
        return self.status

    async def _copy(self, names: Sequence[str]) -> bool:
        """Make private copies of these tables; whether there is a new one."""
        found = await asyncio.to_thread(tables, self.server, names)
        fresh = [table for table in found if table.path not in self.copies]
        for table in fresh:
            for order in table.opening():
                await self._order(order)
            self.copies[table.path] = table
        return bool(fresh)

    async def _commit(self, cycle: list[Frame]) -> None:
        """Write the private copies back and commit, or report to the client that it has lost."""
        won = not self.lost
        if won:
            for table in self.copies.values():
                for order in table.closing():
                    won = won and code_of(await self._held_answer([query(order)], wins=True)) is None
        if not won:
            await self._order("ROLLBACK")
            self._answer([(b"E", error(SERIALIZATION, CONFLICT)), (b"Z", IDLE)])
            return
        self._answer(worded(await self._held_answer(cycle, wins=True)))

    async def take_back(self, *, whole: bool) -> None:
        """Take back what the open transaction has changed: another one commits a change of the same rows first.

        `whole` ends it, since a change of the schema waits for readers too.
        """
        if whole:
            await self._order("ROLLBACK")
            self._forget()
            self.outdated = True
        elif self.has_base:
            await self._order(f"ROLLBACK TO SAVEPOINT {BASE}")
            self.copies.clear()
            self.has_step, self.lost = False, True

    async def _held_answer(self, cycle: Iterable[Frame], *, wins: bool, whole: bool = False) -> list[Frame]:
        """The whole answer to a cycle. Where it has to wait, others are rolled back, or else BlockedError is raised."""
        self._held = True
        self._send(cycle)
        answer: list[Frame] = []
        look = FIRST_LOOK
        while True:
            try:
                frame = await asyncio.wait_for(self._answers.get(), look)
            except TimeoutError:
                await self._look(wins=wins, whole=whole)
                look = min(look * 2, LONGEST_LOOK)
                continue
            answer.append(frame)
            if frame[0] in {b"Z", b""}:
                self._held = False
                return answer

    async def _look(self, *, wins: bool, whole: bool) -> None:
        found = [self.others.get(pid) for pid in await asyncio.to_thread(blockers, self.server, self.pid)]
        # One that runs a statement itself (its lock is held) is looked at again later.
        waiting = [each for each in found if each and each.status == OPEN and not each.lock.locked()]
        if waiting and not wins:
            raise BlockedError
        for each in waiting:
            async with each.lock:
                await each.take_back(whole=whole)

    async def _until_ready(self) -> list[Frame]:
        while (frame := await self._answers.get())[0] not in {b"Z", b""}:
            pass
        self._held = False
        return [frame]

    async def _order(self, sql: str) -> list[Frame]:
        """Run a statement of our own; the client hears nothing of it."""
        self._held = True
        self._send([query(sql)])
        answer: list[Frame] = []
        while not answer or answer[-1][0] not in {b"Z", b""}:
            answer.append(await self._answers.get())
        self._held = False
        return answer

    async def _pass(self, cycle: Iterable[Frame]) -> None:
        self._ready.clear()
        self._send(cycle)
        await self._ready.wait()

    def _send(self, cycle: Iterable[Frame]) -> None:
        self.backend[1].write(b"".join(message(*frame) for frame in cycle))

    def _answer(self, frames: Iterable[Frame]) -> None:
        self.client[1].write(b"".join(message(*frame) for frame in frames if frame[0]))
