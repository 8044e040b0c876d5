#!/usr/bin/python3
"""House rules that a compiler does not check.

  tools/lint.py include_order   rooms include only the rooms they depend on; a library only its own room
  tools/lint.py text            lines, ends of lines, tabs, left-over notes
  tools/lint.py words           names that have a better replacement here
  tools/lint.py names           types of one name in one namespace: the linker takes either for both
  tools/lint.py links           links between the pages of the project that lead nowhere
  tools/lint.py format [--fix]  clang-format
  tools/lint.py tidy            clang-tidy over build/lint
  tools/lint.py --all           all of these

Each finding is one line, FILE:LINE: what is wrong, and what to write instead. The first five need Python's standard
library only and run as tests (ctest -R house). `--root DIR` looks at another tree, `--changed` at what differs from
the main branch only (format and tidy).
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

RULES = ["include_order", "text", "words", "names", "links", "format", "tidy"]

COLUMNS_MAX = 120

# What app/ may include is not among the rooms of CMakeLists.txt: it handles arguments and leaves the rest to run/.
APP_MAY_INCLUDE = {"risk", "study", "run", "report", "export", "perf", "serving", "training", "import", "table", "base",
                   "audit"}

# One room alone knows each library, so that it can be replaced there.
LIBRARY_ROOMS = {
    r"udunits2\.h": "base",
    r"Random123/": "base",
    r"(arrow|parquet)/": "table",
    r"toml\+\+/": "scenario",
    r"(interfaces/)?highs_c_api\.h|Highs\.h|lp_data/": "lp",
    r"CLI/": "app",
    r"netcdf\.h": "import",
    r"boost/": "risk",
    r"pugixml\.hpp": "import",
}

TESTS = r"^(tests|bench|fuzz)/|_test\.cpp$|/test_\w+\.(h|cpp)$"
NOWHERE = r"$^"

# (pattern, where it is allowed, what to write instead)
WORDS = [
    (r"\bassert\s*\(", NOWHERE, "ASSERT (base/assert.h): it stays on in release builds"),
    (r"\bstd::endl\b", NOWHERE, "'\\n'"),
    (r"\busing namespace std\b", NOWHERE, "the names themselves"),
    (r"\bstd::random_device\b|\bs?rand\s*\(", NOWHERE, "uniform01 (base/random.h): the same draws on every run"),
    (r"\bstd::(mt19937(_64)?|default_random_engine)\b", TESTS,
     "uniform01 (base/random.h): draws do not depend on threads"),
    (r"\b(system_clock|high_resolution_clock|gettimeofday|std::time)\b", r"^src/(lp|run|app)/|" + TESTS,
     "nothing: only solving looks at a clock"),
    (r"\bsteady_clock\b", r"^src/(lp|run|app|plan|study)/|" + TESTS, "nothing: only solving looks at a clock"),
    (r"\bgetenv\b", r"^src/(run|app)/|" + TESTS, "an option: the program reads no environment"),
    (r"\bstd::(cout|cerr)\b|\bf?printf\s*\(", r"^src/app/|" + TESTS, "a returned text: only app/ prints"),
    (r"\bstd::sto(i|l|ll|ul|ull|f|d)\b|\bato[ifl]\s*\(", TESTS, "std::from_chars: no locale, no exception"),
    (r"\bstd::regex\b", NOWHERE, "a hand-written scan: std::regex is slow and overflows the stack on long input"),
    (r"^\s*#\s*define\s+(?!ASSERT\b|TOML_|FMT_|DOCTEST_)", NOWHERE,
     "a function or a constant: ASSERT is the only macro"),
]

SOURCE_SUFFIXES = {".h", ".cpp"}
TEXT_SUFFIXES = SOURCE_SUFFIXES | {".py", ".sh", ".cmake", ".txt", ".md", ".toml", ".json", ".case"}
TEXT_NAMES = {"Makefile", "run", "NOTICE", "LICENSE", ".clang-format", ".clang-tidy", ".gitignore"}
FOLDERS = ["src", "tests", "bench", "fuzz", "tools", "cmake", "docs", "scenarios", "data", ".ci"]
# files that hold findings on purpose
EXEMPT = {"tools/lint.py", "tools/lint_test.py"}


class Tree:
    """The project's own files, read once."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()

    def files(self, suffixes, names=frozenset()):
        """Paths relative to the root, sorted."""
        found = [p for p in self.root.iterdir() if p.is_file()]
        for folder in FOLDERS:
            for where, folders, files in os.walk(self.root / folder):
                folders[:] = [f for f in folders if f != "__pycache__"]
                found += [pathlib.Path(where) / f for f in files]
        return sorted(str(p.relative_to(self.root)) for p in found if p.suffix in suffixes or p.name in names)

    def lines(self, path):
        return (self.root / path).read_text(encoding="utf-8").split("\n")


def rooms_of(tree):
    """{room: rooms it may include}, from the beltline_room(…) lines of CMakeLists.txt."""
    text = (tree.root / "CMakeLists.txt").read_text(encoding="utf-8")
    rooms = {}
    for name, words in re.findall(r"^beltline_room\(\s*(\w+)([^)]*)\)", text, re.M):
        depends = re.search(r"DEPENDS((?:\s+\w+)*?)\s*(?:LINKS|$)", words)
        rooms[name] = {name, "base"} | set(depends.group(1).split() if depends else [])
    rooms["app"] = {"app"} | APP_MAY_INCLUDE
    return rooms


def include_order(tree):
    rooms = rooms_of(tree)
    for path in tree.files(SOURCE_SUFFIXES):
        parts = path.split("/")
        if parts[0] != "src":
            continue
        room = parts[1]
        if room not in rooms:
            yield path, 1, f"room '{room}' is not in CMakeLists.txt: add beltline_room({room} …)"
            continue
        for number, line in enumerate(tree.lines(path), 1):
            include = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if not include:
                continue
            kind, header = include.groups()
            for pattern, owner in LIBRARY_ROOMS.items():
                if re.match(pattern, header) and room != owner:
                    yield path, number, f"<{header}> belongs to room '{owner}', this is '{room}'"
            if kind != '"' or any(re.match(p, header) for p in LIBRARY_ROOMS):
                continue
            if not (tree.root / "src" / header).is_file():
                yield path, number, f'"{header}" is no file of src/: write "room/file.h"'
            elif header.split("/")[0] not in rooms[room]:
                allowed = ", ".join(sorted(rooms[room] - {room}))
                yield path, number, f"room '{room}' includes \"{header}\", expected only {allowed or 'itself'}"
    yield from include_cycles(rooms)


def include_cycles(rooms):
    """A cycle in the DEPENDS lines themselves."""
    done = set()

    def visit(room, trail):
        if room in trail:
            return [room]
        if room in done:
            return []
        done.add(room)
        for other in sorted(rooms.get(room, set()) - {room}):
            cycle = visit(other, trail + [room])
            if cycle:
                return [room] + cycle
        return []

    for room in sorted(rooms):
        cycle = visit(room, [])
        if cycle:
            yield "CMakeLists.txt", 1, "rooms depend on each other in a circle: " + " → ".join(cycle)


def text(tree):
    for path in tree.files(TEXT_SUFFIXES, TEXT_NAMES):
        if path in EXEMPT:
            continue
        raw = (tree.root / path).read_bytes()
        try:
            body = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            if "/cases/" not in path and "/corpus/" not in path:  # broken text is what some tests are about
                yield path, 1, f"byte {error.start} is not UTF-8"
            continue
        if not raw or path == "LICENSE" or "/corpus/" in path:
            continue
        lines = body.split("\n")
        if lines[-1]:
            yield path, len(lines), "no newline at the end of the file"
        elif len(lines) > 2 and not lines[-2] and "/cases/" not in path:
            yield path, len(lines) - 1, "empty line at the end of the file"
        in_raw_string = False
        for number, line in enumerate(lines, 1):
            # what cannot be broken: text in a raw string, a row of a table in a comment
            is_raw = in_raw_string or 'R"' in line
            in_raw_string = (in_raw_string or 'R"' in line) and not re.search(r'\)\w*"', line)
            is_whole = is_raw or re.match(r"\s*///? \|", line)
            is_prose = path.endswith((".md", ".toml", ".json", ".case", "requirements.txt"))
            if len(line) > COLUMNS_MAX and not is_prose and not is_whole:
                yield path, number, f"{len(line)} columns, expected at most {COLUMNS_MAX}"
            if "\t" in line and os.path.basename(path) != "Makefile" and not is_prose:
                yield path, number, "a tab, expected spaces (in a string: \\t)"
            if line.endswith("\r"):
                yield path, number, "a carriage return, expected a plain line feed"
            if line.rstrip("\r") != line.rstrip() and not is_prose:
                yield path, number, "white space at the end of the line"
            if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line):
                yield path, number, "a left-over note: do it, or open an issue"
            if re.match(r"(<{7}|>{7}) ", line):
                yield path, number, "a conflict marker"


def words(tree):
    for path in tree.files(SOURCE_SUFFIXES):
        lines = tree.lines(path)
        if path.endswith(".h") and "#pragma once" not in lines:
            yield path, 1, "no '#pragma once'"
        if path.endswith(".h") and not lines[0].startswith("//"):
            yield path, 1, "the header does not open with a comment that says what it is"
        for number, line in enumerate(lines, 1):
            code = strip_text(line)
            for pattern, allowed, instead in WORDS:
                found = re.search(pattern, code)
                if found and not re.search(allowed, path):
                    yield path, number, f"'{found.group().strip()}', write {instead}"


def strip_text(line):
    """The line without what stands in quotes and comments."""
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    return line.split("//")[0]


def names(tree):
    """Types that two files define under one name. No compiler sees both, and the linker keeps one of their functions."""
    first = {}
    for path in tree.files(SOURCE_SUFFIXES):
        if not path.startswith("src/"):
            continue
        for name, line in types_of("\n".join(tree.lines(path))):
            other = first.setdefault(name, path)
            if other != path:
                yield path, line, f"'{name}' is defined in {other} too; give one of them another name"


def types_of(body):
    """(namespace::Name, line) of the types a file defines, but for those inside others and in unnamed namespaces."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    body = re.sub(r"//[^\n]*|\"(\\.|[^\"\\\n])*\"|(?<![0-9a-fA-F])'(\\.|[^'\\\n])'", blank, body)
    token = re.compile(r"namespace(\s+[\w:]+)?\s*\{"
                       r"|\b(?:struct|class|enum)\s+(?:class\s+)?(?:\[\[[^\]]*\]\]\s*)?(\w+)(?:\s+final)?\s*"
                       r"(?::(?!:)[^{;()]*)?\{|\{|\}")
    around = []  # namespaces by name; None: anything else, or a namespace that other files do not see
    for found in token.finditer(body):
        if found.group() == "}":
            around = around[:-1]
        elif found.group().startswith("namespace"):
            around.append(found.group(1).strip() if found.group(1) else None)
        else:
            if found.group(2) and None not in around:
                yield "::".join(around + [found.group(2)]), body.count("\n", 0, found.start()) + 1
            around.append(None)


def links(tree):
    for path in tree.files({".md"}):
        folder = (tree.root / path).parent
        for number, line in enumerate(tree.lines(path), 1):
            for target in re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", line):
                if not re.match(r"[a-z]+:", target) and not (folder / target).exists():
                    yield path, number, f"a link to '{target}', which is not there"


def chosen(tree, paths, changed):
    if not changed:
        return paths
    git = ["git", "-C", str(tree.root)]
    base = subprocess.run(git + ["merge-base", "HEAD", "main"], capture_output=True, text=True).stdout.strip() or "HEAD"
    differing = subprocess.run(git + ["diff", "--name-only", base], capture_output=True, text=True).stdout.split()
    untracked = subprocess.run(git + ["ls-files", "-o", "--exclude-standard"], capture_output=True, text=True).stdout
    differing = set(differing) | set(untracked.split())
    return [p for p in paths if p in differing]


def clang_format(tree, fix, changed):
    paths = chosen(tree, tree.files(SOURCE_SUFFIXES), changed)
    tool = tool_of("clang-format")
    for path in paths:
        run = subprocess.run([tool, path], cwd=tree.root, capture_output=True, text=True, encoding="utf-8")
        before = (tree.root / path).read_text(encoding="utf-8")
        if run.returncode != 0:
            yield path, 1, run.stderr.strip()
        elif run.stdout != before:
            if fix:
                (tree.root / path).write_text(run.stdout, encoding="utf-8")
                print(f"{path}: formatted")
                continue
            pairs = zip(before.split("\n"), run.stdout.split("\n"))
            line = next((i for i, (a, b) in enumerate(pairs, 1) if a != b), 1)
            yield path, line, "not as clang-format writes it: make format"


def clang_tidy(tree, changed, jobs):
    """Every translation unit, as the preset `lint` would compile it."""
    configure = subprocess.run(["cmake", "--preset", "lint"], cwd=tree.root, capture_output=True, text=True)
    if configure.returncode != 0:
        yield "CMakePresets.json", 1, configure.stdout + configure.stderr
        return
    paths = [p for p in tree.files({".cpp"}) if p.startswith(("src/", "tests/", "bench/"))]
    paths = chosen(tree, paths, changed)
    tool = tool_of("clang-tidy")

    def check(path):
        command = [tool, "-p", "build/lint", "--quiet", path]
        return subprocess.run(command, cwd=tree.root, capture_output=True, text=True, encoding="utf-8").stdout

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        seen = set()
        for output in pool.map(check, paths):
            for file, line, what in re.findall(r"^(\S+?):(\d+):\d+: (?:warning|error): (.*)$", output, re.M):
                finding = os.path.relpath(file, tree.root), int(line), what
                if finding not in seen:  # a header's finding comes with every file that includes it
                    seen.add(finding)
                    yield finding


def tool_of(name):
    """The pinned version where it is installed, or a finding that says how to get it."""
    tool = shutil.which(f"{name}-19")
    if not tool:
        sys.exit(f"lint: {name}-19 is not installed: tools/setup.sh lint")
    return tool


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", choices=[*RULES, []])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--root", default=pathlib.Path(__file__).resolve().parent.parent)
    options = parser.parse_args()
    tree = Tree(options.root)
    rules = RULES if options.all else options.rules
    if not rules:
        parser.error("no rule named; --all for all of them")
    run = {
        "include_order": lambda: include_order(tree),
        "text": lambda: text(tree),
        "words": lambda: words(tree),
        "names": lambda: names(tree),
        "links": lambda: links(tree),
        "format": lambda: clang_format(tree, options.fix, options.changed),
        "tidy": lambda: clang_tidy(tree, options.changed, options.jobs),
    }
    count = 0
    for rule in rules:
        for path, line, what in run[rule]():
            count += 1
            print(f"{path}:{line}: {rule}: {what}", flush=True)
    print(f"lint: {', '.join(rules)}: {count} finding{'' if count == 1 else 's'}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
