#!/usr/bin/python3
"""Every text of a diagnostic that stands in the sources has its Korean.

usage: diagnostic_texts_test.py SOURCE_FOLDER

Reads the expressions that make message, found, expected and help out of the C++ (literals joined by +, fmt::format,
?:), turns each into a template with {} for what differs, and looks it up among the keys of src/base/korean*_texts.cpp.
"""

import pathlib
import re
import sys

TOKEN = re.compile(
    r'R"\(.*?\)"|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'|//[^\n]*'
    r"|[A-Za-z_][A-Za-z_0-9:]*|[0-9][0-9'.a-z]*|->|<=|>=|==|!=|&&|\|\||\+=|<<|.",
    re.S)
FIELDS = {"message", "verb", "found", "expected", "help"}
CALLS = {"refuse", "fail", "wrong", "add_contradiction", "unreadable", "std::unexpected"}
# the rooms and files whose texts become diagnostics
SOURCES = ["src/scenario/*.cpp", "src/parts/*.cpp", "src/run/branches.cpp", "src/run/read_actuals.cpp",
           "src/model/builder.cpp", "src/plan/gain_loop.cpp", "src/base/units.cpp", "src/import/*.cpp",
           "src/audit/*.cpp", "src/perf/replica_check.cpp",
           "src/audit/*.cpp", "src/serving/traffic_*.cpp", "src/serving/fleet_file.cpp",
           "src/serving/section_file.cpp", "src/serving/simulate.cpp"]
# files of these rooms that write pages, not diagnostics
PAGES = {"reference.cpp", "json_schema.cpp", "dump.cpp"}
# what is not for a user as it stands: a text whose first word is a variable (at least, more than), the reader's head
# that is cut off, the words of a bug
NOT_TOLD = {"{} {} and at most {}{}", "Error while parsing ", "Error while ",
            "schema: the default of {} of {} is bad: {} {}"}


def tokens(text):
    return [t for t in TOKEN.findall(text) if not t.isspace() and not t.startswith("//")]


def until(toks, i, stops):
    """The tokens from i to the first stop, or to the bracket that closes what is open around them."""
    depth, out = 0, []
    while i < len(toks):
        t = toks[i]
        if depth == 0 and t in stops:
            break
        if t in "([{":
            depth += 1
        elif t in ")]}":
            if depth == 0:
                break
            depth -= 1
        out.append(t)
        i += 1
    return out


def split(toks, separator):
    parts, depth = [[]], 0
    for t in toks:
        if t in "([{":
            depth += 1
        elif t in ")]}":
            depth -= 1
        if depth == 0 and t == separator:
            parts.append([])
        else:
            parts[-1].append(t)
    return parts


def is_literal(t):
    return t.startswith(('"', 'R"('))


def literal(t):
    if t.startswith('R"('):
        return t[3:-2]
    return t[1:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def holes(template):
    """fmt's {:.1f} as {}, and its {{ as {."""
    marked = template.replace("{{", "\x01").replace("}}", "\x02")
    return re.sub(r"\{:?[^{}]*\}", "{}", marked).replace("\x01", "{").replace("\x02", "}")


def alternatives(toks):
    """c ? a : b as [a, b]; None if it is none."""
    parts = split(toks, "?")
    if len(parts) == 1:
        return None
    rest = toks[len(parts[0]) + 1:]
    depth = open_ones = 0
    for k, t in enumerate(rest):
        if t in "([{":
            depth += 1
        elif t in ")]}":
            depth -= 1
        elif depth == 0 and t == "?":
            open_ones += 1
        elif depth == 0 and t == ":":
            if open_ones == 0:
                return [rest[:k], rest[k + 1:]]
            open_ones -= 1
    return None


def templates(toks):
    """All texts that an expression may make."""
    if not toks or toks == ["{", "}"]:
        return [""]
    both = alternatives(toks)
    if both:
        return [text for side in both for text in templates(side)]
    terms = split(toks, "+")
    if len(terms) > 1:
        out = [""]
        for term in terms:
            out = [a + b for a in out for b in templates(term)]
        return out
    if all(is_literal(t) for t in toks):
        return ["".join(literal(t) for t in toks)]
    if toks[0] == "fmt::format" and is_literal(toks[2]):
        return [holes("".join(literal(t) for t in split(toks[2:-1], ",")[0]))]
    if toks[0] in ("std::string", "std::string_view") and len(toks) > 3 and toks[1] in "({":
        return templates(toks[2:-1])
    if toks[0] == "(" and toks[-1] == ")":
        return templates(toks[1:-1])
    return ["{}"]


def texts_of(path):
    toks = tokens(path.read_text())
    for i, t in enumerate(toks[:-3]):
        if t == "." and toks[i + 1] in FIELDS and toks[i + 2] in ("=", "+="):
            yield from templates(until(toks, i + 3, {",", ";"}))
        elif t == "return":
            yield from templates(until(toks, i + 1, {";"}))
        elif t in CALLS and toks[i + 1] == "(":
            for argument in split(until(toks, i + 2, {")"}), ","):
                inner = split(argument[1:-1], ",") if argument[:1] == ["{"] else [argument]
                for part in inner:
                    yield from templates(part)


def is_told(text):
    """Whether a template holds words for people: two in a row, outside of quotes."""
    plain = re.sub(r"'[^']*'|\"[^\"]*\"|\{[^}]*\}", "|", text)
    return text not in NOT_TOLD and re.search(r"[A-Za-z]{2,} [a-z]{2,}", plain) is not None


def key_of(text):
    """"{}{} names no {}" is found as "{} names no {}"."""
    return re.sub(r"(\{\})+", "{}", text)


class Catalogue:
    """The English keys, found as the program finds them: whole, or with texts of ours for their {}."""

    def __init__(self, root):
        self.keys = {"{} of {}"}
        for path in sorted(root.glob("src/base/korean*_texts.cpp")):
            toks = tokens(path.read_text())
            self.keys |= {key_of(literal(toks[i + 1])) for i, t in enumerate(toks[:-2])
                          if t == "{" and is_literal(toks[i + 1]) and toks[i + 2] == ","}
        self.patterns = [re.compile("(.+?)".join(map(re.escape, key.split("{}"))), re.S)
                         for key in self.keys if re.search(r"[a-z]{2}", key)]

    def has(self, text):
        text = key_of(text)
        # the subject of a verb comes from elsewhere: "{} is in '{}'", "'{}' has no value"
        whole = (text, "{} " + text, "'{}' " + text)
        return any(key in self.keys for key in whole) or any(self.fits(p, text) for p in self.patterns)

    def fits(self, pattern, text):
        found = pattern.fullmatch(text)
        return found is not None and found.groups() != (text,) and all(map(self.is_hole, found.groups()))

    def is_hole(self, text):
        """A name, a value, or a text that is known itself."""
        plain = re.sub(r"'[^']*'|\"[^\"]*\"|\{[^}]*\}|\[[^]]*\]", "", text)
        return re.search(r"\b[a-z]{2,}\b", plain) is None or self.has(text)


def main():
    root = pathlib.Path(sys.argv[1])
    catalogue = Catalogue(root)
    missing, count = [], 0
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            if path.name.endswith("_test.cpp") or path.name in PAGES:
                continue
            for text in texts_of(path):
                if not is_told(text):
                    continue
                count += 1
                if not catalogue.has(text):
                    missing.append(f"{path.relative_to(root)}: {text!r}")
    for line in missing:
        print(f"no Korean for {line}")
    if count < 250:
        print(f"only {count} texts were found: has the form of the sources changed?")
        return 1
    print(f"{count} texts, {len(missing)} without Korean")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
