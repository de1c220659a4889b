"""Takes away from a process what reading a file does not need: rights, network, memory, files, other processes.

Everything is asked of the Linux kernel through its C library. Each layer that this machine does not offer is left
out and named by `confine`, so that `python -m ocr doctor` can tell what is really in force.
"""

import ctypes
import os
import platform
import resource
import signal
import stat
import struct
import tempfile
from collections.abc import Callable

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CLONE_NEWIPC = 0x08000000
_NOBODY = 65534
_CPU_CEILING = 6 * 3600

# Landlock: handled rights of the first kernel ABI, and system call numbers (the same on every architecture).
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_WRITES = 0b1111111110010
_LANDLOCK_READS = 0b1101
_READ_ONLY_PLACES = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/proc/self", "/dev/null", "/dev/urandom")

# System calls refused outright, by architecture: socket, connect, ptrace, process_vm_readv and _writev, keyctl,
# bpf, perf_event_open, execve, execveat, fork, vfork, mount, unshare, setns, kexec_load.
_REFUSED = {
    "x86_64": (0xC000003E, (41, 42, 53, 101, 310, 311, 250, 321, 298, 59, 322, 57, 58, 165, 272, 308, 246)),
    "aarch64": (0xC00000B7, (198, 203, 199, 117, 270, 271, 219, 280, 241, 221, 281, 40, 97, 268, 104)),
}  # fmt: skip
_MAY_START_PROCESSES = {"x86_64": {59, 322, 57, 58}, "aarch64": {221, 281}}


def confine(read_only: tuple[str, ...], memory_bytes: int, starts_processes: bool) -> dict[str, bool]:
    """Confines the calling process for good; returns which layers are in force.

    `read_only`: files and folders that stay readable beside the system's own. Already opened files stay open.
    `starts_processes`: leave the right to run a program (for a second reader that is a binary of its own).
    """
    layers: dict[str, Callable[[], None]] = {
        "limits": lambda: _limit(memory_bytes, starts_processes),
        "no-network-namespace": _leave_network,
        "unprivileged-user": _drop_user,
        "no-new-privileges": lambda: _prctl(_PR_SET_NO_NEW_PRIVS, 1),
        "read-only-files": lambda: _landlock(read_only, starts_processes),
        "no-sockets": lambda: _seccomp(starts_processes),
    }
    active: dict[str, bool] = {}
    for name, layer in layers.items():
        try:
            layer()
            active[name] = True
        except (OSError, ValueError, KeyError):
            active[name] = False
    return active


def die_with_parent() -> None:
    """Asks the kernel to kill this process when its parent thread ends; ends at once if that has happened."""
    parent = os.getppid()
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def allow_seconds(seconds: float) -> None:
    """Lets this process use that much more processor time before SIGXCPU ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))


def _limit(memory_bytes: int, starts_processes: bool) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    # A confined reader writes no file at all; a second reader's binary needs room for its temporary ones.
    size = 64 * 1024 * 1024 if starts_processes else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    ceiling = _CPU_CEILING if hard < 0 else min(hard, _CPU_CEILING)
    resource.setrlimit(resource.RLIMIT_CPU, (ceiling, ceiling))
    _prctl(_PR_SET_DUMPABLE, 0)


def _leave_network() -> None:
    flags = _CLONE_NEWNET | _CLONE_NEWIPC
    if os.geteuid() != 0:
        flags |= _CLONE_NEWUSER
    _checked(_libc.unshare(flags))


def _drop_user() -> None:
    if os.geteuid() != 0:
        return
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    # A change of user makes the kernel forget whom to die with.
    die_with_parent()


def _landlock(read_only: tuple[str, ...], starts_processes: bool) -> None:
    handled = _LANDLOCK_READS | _LANDLOCK_WRITES
    attributes = ctypes.create_string_buffer(struct.pack("Q", handled))
    rules = _checked(_libc.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(8), 0))
    try:
        for place in (*_READ_ONLY_PLACES, *read_only):
            _allow(rules, place, _LANDLOCK_READS)
        if starts_processes:
            _allow(rules, tempfile.gettempdir(), handled)
            _allow(rules, "/dev/null", _LANDLOCK_READS | 0b10)
        _checked(_libc.syscall(_LANDLOCK_RESTRICT, rules, 0))
    finally:
        os.close(rules)


def _allow(rules: int, place: str, rights: int) -> None:
    try:
        folder = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(folder).st_mode):
            rights &= 0b111
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, folder))
        _checked(_libc.syscall(_LANDLOCK_ADD, rules, 1, rule, 0))
    finally:
        os.close(folder)


def _seccomp(starts_processes: bool) -> None:
    """A filter that answers EPERM to the refused calls and to any call of a foreign architecture."""
    machine = platform.machine()
    architecture, calls = _REFUSED[machine]
    if starts_processes:
        calls = tuple(c for c in calls if c not in _MAY_START_PROCESSES[machine])
    load, equal, answer = 0x20, 0x15, 0x06
    allow, refuse = 0x7FFF0000, 0x00050000 | 1
    steps = [(load, 0, 0, 4), (equal, 1, 0, architecture), (answer, 0, 0, refuse), (load, 0, 0, 0)]
    for k, call in enumerate(calls):
        steps.append((equal, len(calls) - k, 0, call))
    steps += [(answer, 0, 0, allow), (answer, 0, 0, refuse)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(held))
    _prctl(_PR_SET_SECCOMP, 2, ctypes.create_string_buffer(program))


def _prctl(option: int, *values: object) -> None:
    arguments = [v if not isinstance(v, int) else ctypes.c_ulong(v) for v in values]
    arguments += [ctypes.c_ulong(0)] * (4 - len(arguments))
    _checked(_libc.prctl(option, *arguments))


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
