#!/usr/bin/python3
"""The world fails under the program: every call on a file once, allocations in samples, and standard output.

  tests/fault_test.py PROGRAM INTERPOSER [calls|memory|output]

Whatever fails, the program says so on standard error and ends with the exit code of the README: 6, or 1 where a file of
the scenario could not be read. It never dies of a signal, never calls it a bug (70), and never succeeds with another
output than without the fault. What it was to replace is then the old, whole, or the new, whole.

With BELTLINE_SOAK=1 every call and 40 times as many allocations fail; else at most SHARE of each kind. A new command is
one line of COMMANDS.
"""

import errno
import hashlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

KINDS = ["write", "read", "fsync", "rename", "open", "close", "mkdir", "unlink", "truncate", "lock", "stat", "memory",
         "map", "fork"]
ERRORS = {
    "write": [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EINTR, 0],
    "read": [errno.EIO, errno.EINTR, 0],
    "fsync": [errno.EIO, errno.ENOSPC, errno.EDQUOT],
    "rename": [errno.ENOSPC, errno.EACCES, errno.EIO, errno.EINVAL],
    "open": [errno.EACCES, errno.EMFILE, errno.ENOSPC],
    "close": [errno.EIO],
    "mkdir": [errno.ENOSPC, errno.EACCES],
    "unlink": [errno.EACCES, errno.EIO],
    "truncate": [errno.EIO],
    "lock": [errno.ENOLCK, errno.EWOULDBLOCK],
    "stat": [errno.EIO, errno.EACCES],
    "fork": [errno.EAGAIN],
    "memory": [errno.ENOMEM],
    "map": [errno.ENOMEM],
}
# failing once they must end in failure; of the others some are tried again, or do no harm, as when the solver's second
# process, which only refines, cannot be forked
FATAL = {("write", errno.ENOSPC), ("write", errno.EIO), ("write", errno.EDQUOT), ("fsync", errno.EIO),
         ("fsync", errno.ENOSPC), ("fsync", errno.EDQUOT), ("rename", errno.ENOSPC), ("rename", errno.EACCES),
         ("rename", errno.EIO)}
# after these the program may be unable to clear away its temporary files; the next run does
MAY_LEAVE_PARTIALS = {"unlink", "open", "stat", "close", "memory", "lock", "map"}
SOAK = os.environ.get("BELTLINE_SOAK") == "1"
SHARE = 5           # calls of a kind, and of a command: as many as the kind with most errors has
ALLOCATIONS = 60    # in the program and in its solver, together

# name: (arguments, what they may change); scenario, run, old.csv … are made by `prepare`
COMMANDS = {
    "plan": (["plan", "scenario", "-o", "run"], ["run"]),
    "plan anew": (["plan", "scenario", "-o", "deep/new"], ["deep"]),
    "init": (["init", "mine"], ["mine"]),
    "table to a file": (["table", "run", "builds", "--format", "csv", "-o", "old.csv"], ["old.csv"]),
    "table to a workbook": (["table", "run", "builds", "--format", "xlsx", "-o", "old.xlsx"], ["old.xlsx"]),
    "table": (["table", "run", "builds", "--format", "json"], []),
    "docs": (["docs", "pages"], ["pages"]),
    "check": (["check", "scenario"], []),
    "verify": (["verify", "run"], []),
    "schema": (["schema"], []),
    "completion": (["completion", "fish"], []),
    "report": (["report", "run", "-o", "page.html"], ["page.html"]),
    "explain": (["explain", "run"], []),
    "diff": (["diff", "run", "other"], []),
    "why": (["why", "run", "it_power"], []),
    "risk": (["risk", "run", "--replications", "64", "--levers", "0", "--threads", "1", "-o", "odds"], ["odds"]),
    "pegging": (["pegging", "run"], []),
    "stock": (["stock", "run"], []),
    "pegging to a file": (["pegging", "run", "-o", "old.csv"], ["old.csv"]),
    "open": (["open", "run", "--month", "2026-06", "-o", "opened"], ["opened"]),
    "actuals add": (["actuals", "add", "scenario", "actuals.csv", "--by", "clerk"], ["scenario"]),
    "actuals close": (["actuals", "close", "counted.csv", "2026-03", "--by", "clerk"], ["counted.csv"]),
}

program, interposer = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
parts = sys.argv[3:] or ["calls", "memory", "output"]
faults = []
counts = {}
objective = None  # of the plan without a fault


def scenario_text():
    """The first scenario with fewer months and slices: a plan takes a tenth of a second."""
    made = subprocess.run([program, "init", "first"], cwd=scratch, stdout=subprocess.DEVNULL, check=False)
    if made.returncode != 0:
        sys.exit("init failed")
    text = (scratch / "first" / "scenario.toml").read_text(encoding="utf-8")
    for old, new in (("periods = 60", "periods = 20"), ("slices_per_day = 6", "slices_per_day = 1")):
        if old not in text:
            sys.exit(f"the first scenario has no '{old}'")
        text = text.replace(old, new)
    return text


def run(arguments, fault=None, **options):
    environment = {"LD_PRELOAD": str(interposer), **(fault or {})} if fault is not None else {}
    environment["SOURCE_DATE_EPOCH"] = "1767225600"  # the register of actuals says when a row was written
    try:
        return subprocess.run([program, *arguments], cwd=work, env=environment, timeout=120,
                              **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, "no end after 120 s", b"", b"")


def look(names):
    """Every file below the names with its hash; temporary ones apart."""
    found, partials = {}, []
    for root, folders, files in os.walk(work):
        for name in folders + files:
            path = pathlib.Path(root, name)
            relative = str(path.relative_to(work))
            if ".partial-" in relative:
                partials.append(relative)
            elif relative.split("/")[0] in names and path.is_file():
                found[relative] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found, partials


def prepare():
    """The folder as it is before each command."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(before, work)


def complain(what, arguments, finished):
    faults.append(what)
    err = finished.stderr.decode(errors="replace")[-400:] if finished.stderr else ""
    print(f"{what}: beltline {' '.join(arguments)}: exit {finished.returncode}\n{err}", flush=True)


def judge_solver(name, fault_name, finished):
    """The solver's process runs short: another answer may be found, and none is announced as more than it is."""
    arguments, _ = COMMANDS[name]
    manifest = json.loads((work / "run" / "manifest.json").read_text(encoding="utf-8"))
    same = abs(manifest["objective"]["value"] - objective) <= 1e-3 * abs(objective)
    if finished.returncode == 0 and not (manifest["termination"] == "optimal" and manifest["verified"] and same):
        complain(f"{name}, {fault_name}: success without the plan", arguments, finished)
    if finished.returncode in (4, 5) and manifest["termination"] == "optimal":
        complain(f"{name}, {fault_name}: called optimal", arguments, finished)
    if finished.returncode == 6 and not finished.stderr.strip():
        complain(f"{name}, {fault_name}: no message", arguments, finished)
    if finished.returncode not in (0, 4, 5, 6):
        complain(f"{name}, {fault_name}: a code it must not have", arguments, finished)
    if run(["verify", "run"]).returncode != 0:
        complain(f"{name}, {fault_name}: the run is not whole", arguments, finished)


def judge(name, fault_name, finished, normal, old, new, kind, fatal):
    arguments, changes = COMMANDS[name]
    code = finished.returncode
    readings = kind in ("read", "open", "stat", "memory", "map") and "scenario" in arguments
    if code not in ([0, 1, 6] if readings else [0, 6]) or (fatal and code == 0):
        complain(f"{name}, {fault_name}: a code it must not have", arguments, finished)
    if code != 0 and not finished.stderr.strip():
        complain(f"{name}, {fault_name}: no message", arguments, finished)
    now, partials = look(changes)
    if code == 0 and (now != new or (arguments[0] == "table" and finished.stdout != normal.stdout)):
        complain(f"{name}, {fault_name}: success with another output", arguments, finished)
    # commands of several files may have written some of them, each whole
    known = set(old.items()) | set(new.items())
    whole = set(now.items()) <= known if arguments[0] == "docs" else now in (old, new)
    if not whole:
        complain(f"{name}, {fault_name}: neither the old nor the new", arguments, finished)
    if partials and kind not in MAY_LEAVE_PARTIALS:
        complain(f"{name}, {fault_name}: left {partials[0]}", arguments, finished)


def tally_of(name):
    """Calls of each kind that a command makes, its children's apart, and how it ends without a fault."""
    tally = scratch / "tally"
    tally.unlink(missing_ok=True)
    prepare()
    old, _ = look(COMMANDS[name][1])
    normal = run(COMMANDS[name][0], {"BELTLINE_FAULT_UNDER": str(work), "BELTLINE_FAULT_TALLY": str(tally)})
    if normal.returncode != 0:
        sys.exit(f"{name} fails without a fault: {normal.stderr.decode()}")
    numbers = struct.unpack(f"<{2 * len(KINDS)}Q", tally.read_bytes())
    new, _ = look(COMMANDS[name][1])
    return dict(zip(KINDS, numbers)), dict(zip(KINDS, numbers[len(KINDS):])), normal, old, new


def chosen(count, most):
    """Numbers from 1 to `count`: all, or `most` of them spread evenly, the first and the last among them."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(i * (count - 1) / (most - 1)) for i in range(most)})


def fail_calls():
    for name in COMMANDS:
        own, _, normal, old, new = tally_of(name)
        for kind in KINDS:
            if kind in ("memory", "map"):
                continue
            for index, number in enumerate(chosen(own[kind], 10**9 if SOAK else SHARE)):
                errors = ERRORS[kind] if SOAK else [ERRORS[kind][index % len(ERRORS[kind])]]
                for error in errors:
                    prepare()
                    finished = run(COMMANDS[name][0], {"BELTLINE_FAULT_CALL": kind, "BELTLINE_FAULT_AT": str(number),
                                                       "BELTLINE_FAULT_ERRNO": str(error),
                                                       "BELTLINE_FAULT_UNDER": str(work)})
                    counts[kind] = counts.get(kind, 0) + 1
                    what = f"{kind} {number} of {own[kind]} with {errno.errorcode.get(error, 'half')}"
                    judge(name, what, finished, normal, old, new, kind, (kind, error) in FATAL)


def fail_memory():
    global objective
    for name, share in (("plan", 0.5), ("table to a workbook", 0.15), ("report", 0.1), ("check", 0.15),
                        ("verify", 0.1)):
        own, child, normal, old, new = tally_of(name)
        if name == "plan":
            objective = json.loads((work / "run/manifest.json").read_text(encoding="utf-8"))["objective"]["value"]
        total = int(share * ALLOCATIONS * (40 if SOAK else 1))
        cases = [("memory", own["memory"], False, total * 2 // 3), ("map", own["map"], False, total // 8),
                 ("memory", child["memory"], True, total // 4), ("map", child["map"], True, total // 12)]
        for kind, count, of_child, most in cases:
            for number in chosen(count, max(most, 2)):
                prepare()
                fault = {"BELTLINE_FAULT_CALL": kind, "BELTLINE_FAULT_AT": str(number),
                         "BELTLINE_FAULT_ERRNO": str(errno.ENOMEM)}
                if of_child:
                    fault["BELTLINE_FAULT_CHILD"] = "1"
                finished = run(COMMANDS[name][0], fault)
                counts[kind] = counts.get(kind, 0) + 1
                what = f"{kind} {number} of {count}{' in the solver' if of_child else ''}"
                if of_child:
                    judge_solver(name, what, finished)
                else:
                    judge(name, what, finished, normal, old, new, kind, False)


def fail_output():
    """Standard output full, closed, or a pipe that nobody reads: exit 6 from every command, as text and as JSON."""
    for name, (arguments, _) in COMMANDS.items():
        for extra in ([], ["--json"]):
            line = arguments + extra
            if "-o" in line and line[0] == "table":
                continue  # prints nothing
            prepare()
            with open("/dev/full", "wb") as full:
                finished = run(line, stdout=full)
            if finished.returncode != 6 or b"No space left" not in finished.stderr:
                complain(f"{name}: standard output is full", line, finished)
            prepare()
            shell = subprocess.run(["/bin/sh", "-c", '"$0" "$@" >&-', program, *line], cwd=work, env={},
                                   stderr=subprocess.PIPE, check=False)
            if shell.returncode != 6 or not shell.stderr:
                complain(f"{name}: standard output is closed", line, shell)
            prepare()
            reader, writer = os.pipe()
            os.close(reader)
            finished = run(line, stdout=writer)
            os.close(writer)
            if finished.returncode != 6 or b"Broken pipe" not in finished.stderr:
                complain(f"{name}: nobody reads", line, finished)
            if name == "plan" and run(["verify", "run"]).returncode != 0:
                complain(f"{name}: the run is not whole", line, finished)
            counts["output"] = counts.get("output", 0) + 3


base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
with tempfile.TemporaryDirectory(dir=base, prefix="beltline-fault-") as folder:
    scratch = pathlib.Path(folder).resolve()
    work, before = scratch / "work", scratch / "before"
    (before / "scenario").mkdir(parents=True)
    (before / "scenario" / "scenario.toml").write_text(scenario_text(), encoding="utf-8")
    work = before
    # an older run of another scenario, so that old and new differ
    text = (before / "scenario" / "scenario.toml").read_text(encoding="utf-8")
    (before / "older").mkdir()
    (before / "older" / "scenario.toml").write_text(text.replace("periods = 20", "periods = 18"), encoding="utf-8")
    for target, change in (("run", []), ("other", ["--set", "calendar.periods=16"])):
        older = run(["plan", "older", "-o", target, *change])
        if older.returncode != 0:
            sys.exit(older.stderr.decode())
    shutil.rmtree(before / "older")
    (before / "page.html").write_text("old\n", encoding="utf-8")
    (before / "old.csv").write_text("old\n", encoding="utf-8")
    (before / "actuals.csv").write_text("kind,of,month,quantity\nonline,hall@ulsan,2026-03,0\n", encoding="utf-8")
    if run(["actuals", "add", "counted.csv", "actuals.csv", "--scenario", "scenario", "--by", "clerk"]).returncode != 0:
        sys.exit("no register to begin with")
    (before / "old.xlsx").write_text("old\n", encoding="utf-8")
    work = scratch / "work"
    if "calls" in parts:
        fail_calls()
    if "memory" in parts:
        fail_memory()
    if "output" in parts:
        fail_output()

print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
if faults:
    sys.exit(f"{len(faults)} faults not handled as they should be")
