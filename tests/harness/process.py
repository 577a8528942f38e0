"""Running commands: `run` returns how one ended, `run_ok` and `text_of` raise if it failed."""

import dataclasses
import os
import subprocess

# One locale and one time zone, whoever runs this; none of the caller's repositories.
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}


@dataclasses.dataclass
class Done:
    """How a process ended."""
    status: int
    out: str
    err: str


def run(*command, cwd=None, env=None, timeout=600):
    """Runs a command in ENVIRONMENT with `env` on top, for at most `timeout` seconds."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=cwd,
                          env=ENVIRONMENT | (env or {}), timeout=timeout, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def run_ok(*command, **options):
    """The whole output of a command that must succeed."""
    done = run(*command, **options)
    if done.status != 0:
        raise AssertionError(f"{command} failed ({done.status}):\n{done.out}{done.err}")
    return done.out


def text_of(*command, **options):
    """The output of a command that must succeed, without the white space at both ends."""
    return run_ok(*command, **options).strip()


def finish(processes):
    """Waits for processes that run, all of which must succeed."""
    for process in processes:
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, (process.args, output, errors)
