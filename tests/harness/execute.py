"""Running parts side by side: processes, logs, progress, and a clean end on Ctrl-C."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TextIO

from harness.parts import ROOT, Part, Step

STEP_LIMIT_SECONDS = 45 * 60


@dataclass(frozen=True)
class Ended:
    """How one step ended; an empty `trouble` is success."""

    step: str
    seconds: float
    trouble: str


@dataclass(frozen=True)
class Result:
    """How a part ended: its steps in order."""

    part: Part
    steps: tuple[Ended, ...]

    @property
    def passed(self) -> bool:
        """Whether every step ended well."""
        return not any(step.trouble for step in self.steps)

    @property
    def seconds(self) -> float:
        """How long all steps took together."""
        return sum(step.seconds for step in self.steps)


class Pool:
    """Runs parts on a few workers; `stop` ends what runs, but lets clean-up steps run."""

    def __init__(self, workers: int, env: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._workers = workers
        self._env = env
        self._say = say
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._alone = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()

    def run(self, parts: Sequence[Part]) -> list[Result]:
        """Run all parts, whatever becomes of each, and return their results in the given order."""
        with ThreadPoolExecutor(self._workers) as workers:
            futures = [workers.submit(self._run_part, part) for part in parts]
            try:
                for future in as_completed(futures):
                    future.result()
            except BaseException:
                self.stop()
                for future in futures:
                    future.cancel()
                raise
        return [future.result() for future in futures]

    def stop(self) -> None:
        """End the running programs and start no further ones but clean-up."""
        self._stopping.set()
        with self._lock:
            for process in self._running:
                _end(process)

    def _run_part(self, part: Part) -> Result:
        self._say(f"start   {part.name}")
        part.log.parent.mkdir(parents=True, exist_ok=True)
        env = {**self._env, **part.env}
        ended: list[Ended] = []
        part.log.write_bytes(b"")
        with part.log.open("a", encoding="utf-8") as log:
            for step in part.steps:
                if any(one.trouble for one in ended) and not step.always:
                    continue
                ended.append(self._run_step(step, env, log))
                if len(part.steps) > 2:
                    self._say(f"        {part.name}: {step.name} {ended[-1].seconds:.0f} s")
        result = Result(part, tuple(ended))
        self._say(f"{'passed' if result.passed else 'FAILED'}  {part.name} {result.seconds:.1f} s")
        return result

    def _run_step(self, step: Step, env: Mapping[str, str], log: TextIO) -> Ended:
        log.write(f"$ {' '.join(step.argv)}\n")
        log.flush()
        begin, offset = time.monotonic(), _size(log)
        with self._alone if step.alone else contextlib.nullcontext():
            trouble = self._run_program(step, env, log)
        if not trouble and step.judge is not None:
            with open(log.name, "rb") as reader:
                reader.seek(offset)
                trouble = step.judge(reader.read().decode("utf-8", "replace"))
        seconds = time.monotonic() - begin
        if trouble:
            log.write(f"\n{step.name}: {trouble}\n")
        log.flush()
        return Ended(step.name, seconds, trouble)

    def _run_program(self, step: Step, env: Mapping[str, str], log: TextIO) -> str:
        if self._stopping.is_set() and not step.always:
            return "not run: stopped"
        try:
            process = subprocess.Popen(
                step.argv,
                cwd=ROOT,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return str(error)
        with self._lock:
            self._running.add(process)
        try:
            code = process.wait(STEP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            _end(process)
            return f"no end after {STEP_LIMIT_SECONDS} s"
        finally:
            with self._lock:
                self._running.discard(process)
        return "" if code == 0 else f"ended with {code}"


def _size(log: TextIO) -> int:
    return os.fstat(log.fileno()).st_size


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    except ProcessLookupError:
        return
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
