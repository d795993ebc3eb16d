"""The folder in which mail lies between two agents; nothing in it is ever half written."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from .._core.apply import sync_folder, whole
from .._queue.model import WAITING
from .parcel import Parcel, parse, render

TOP = "/var/lib/postern"


@dataclass(frozen=True)
class Store:
    """Mail between two agents, for root alone.

    `prepared`: copies whose original may still be in the old agent's queue, and then the original
    counts. `ready`: ours alone, to be given to the new agent. `kept`: held or failed with the old
    agent, nobody's to send before an administrator says so.
    """

    top: str = TOP

    @property
    def root(self) -> Path:
        """Return the folder whose being there says that a change of agents is under way."""
        return Path(self.top) / "handover"

    @property
    def drop(self) -> Path:
        """Return where the stand-in leaves what programs send meanwhile."""
        return Path(self.top) / "handover-drop"

    @property
    def dropped(self) -> Path:
        """Return where the stand-in leaves what root's own programs send meanwhile."""
        return self.root / "dropped"

    @property
    def kept(self) -> Path:
        """Return the folder of what is not sent."""
        return Path(self.top) / "kept-mail"

    @property
    def pending(self) -> bool:
        """Whether a change of agents is under way."""
        return self.root.is_dir()

    def open(self) -> None:
        """Make the folders."""
        Path(self.top).mkdir(parents=True, exist_ok=True)
        for folder in (self.root, *self._folders()):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)

    def prepare(self, parcel: Parcel) -> None:
        """Keep a copy while the original still is in the queue."""
        _write(self.root / "prepared" / parcel.key, render(parcel))

    def settle(self, present: set[str]) -> None:
        """Take over every prepared copy whose original is gone; forget the others.

        `present`: the keys of what is in the old agent's queue.
        """
        for path in _files(self.root / "prepared"):
            if path.name in present:
                path.unlink()
                continue
            parcel = parse(path.read_bytes())
            folder = self.root / "ready" if parcel.state == WAITING else self.kept
            path.rename(folder / parcel.name)
            sync_folder(folder)
            sync_folder(path.parent)

    def keep(self, parcel: Parcel) -> None:
        """Keep a message that nobody sends."""
        self.kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self.kept / parcel.name, render(parcel))

    def leave(self, path: Path, parcel: Parcel) -> None:
        """Keep what the new agent has not taken yet of a message, as long as there is some."""
        if parcel.recipients:
            _write(path, render(parcel))
        else:
            path.unlink()
            sync_folder(path.parent)

    def ready(self) -> list[Path]:
        """Return the files of messages that the new agent shall have."""
        return _files(self.root / "ready")

    def calls(self) -> list[Path]:
        """Return the calls of sendmail that the stand-in has kept, and who knows what else."""
        return [path for drop in (self.dropped, self.drop) for path in sorted(drop.glob("*.mail"))]

    def held(self) -> list[Path]:
        """Return the files of messages that the old agent held, and nobody has sent yet."""
        return [path for path in _files(self.kept) if parse(path.read_bytes()).state == "held"]

    def close(self) -> None:
        """Remove the folders that are empty; the top one stays until the change is over.

        What a stand-in had not kept whole when it was ended was never accepted; what else is left
        in its folder no stand-in has made. Of what we had not written whole, the original counts.
        """
        if self.drop.is_dir():
            shutil.rmtree(self.drop)
        for folder in self._folders():
            for path in [*folder.glob(".*"), *folder.glob("*.part")]:
                path.unlink()
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _folders(self) -> tuple[Path, ...]:
        return (self.root / "prepared", self.root / "ready", self.dropped, self.kept)


def _files(folder: Path) -> list[Path]:
    """Return the whole files of a folder; one that begins with a dot is not whole."""
    return [path for path in sorted(folder.glob("*")) if not path.name.startswith(".")]


def _write(path: Path, content: bytes) -> None:
    with whole(path) as out:
        out.write(content)
