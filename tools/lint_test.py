#!/usr/bin/python3
"""The house rules bite: each is broken once in a small tree of its own, and must say so."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import lint

CMAKE = """\
beltline_room(base     LINKS fmt::fmt)
beltline_room(table    DEPENDS base LINKS Arrow::parquet)
beltline_room(model    DEPENDS base)
beltline_room(parts    DEPENDS model)
"""
GOOD = {
    "CMakeLists.txt": CMAKE,
    "src/base/id.h": "// ids\n#pragma once\n",
    "src/table/table.h": '// tables\n#pragma once\n#include <vector>\n\n#include "base/id.h"\n',
    "src/model/model.h": '// the model\n#pragma once\n#include "base/id.h"\n',
    "src/parts/fab.cpp": '// a fab\n#include "model/model.h"\n',
}


class LintTest(unittest.TestCase):
    def tree(self, files):
        root = tempfile.TemporaryDirectory()
        self.addCleanup(root.cleanup)
        for path, body in {**GOOD, **files}.items():
            target = pathlib.Path(root.name, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body if isinstance(body, bytes) else body.encode())
        return root.name

    def findings(self, rule, files):
        found = getattr(lint, rule)(lint.Tree(self.tree(files)))
        return [f"{path}:{line}: {rule}: {what}" for path, line, what in found]

    def test_a_good_tree_has_no_findings(self):
        for rule in ["include_order", "text", "words", "names", "links"]:
            self.assertEqual(self.findings(rule, {}), [])

    def test_names(self):
        one = "// a\n#pragma once\nnamespace beltline {\nstruct Row {\n  int a;\n};\n}\n"
        cases = {
            "two types of one name": (one, "namespace beltline {\nclass Row final : public X {};\n}\n", 1),
            "a type of a namespace of its own": (one, "namespace beltline::lp {\nclass Row {};\n}\n", 0),
            "a type that no other file sees": (one, "namespace beltline {\nnamespace {\nclass Row {};\n}\n}\n", 0),
            "a type inside another": (one, "namespace beltline {\nclass A {\n  struct Row {};\n};\n}\n", 0),
            "what a type hides, defined outside": (one, "namespace beltline {\nstruct Row::Part {\n};\n}\n", 0),
            "one that is only named": (one, "namespace beltline {\nclass Row;\n}\n", 0),
        }
        for title, (header, source, count) in cases.items():
            with self.subTest(title):
                found = self.findings("names", {"src/model/row.h": header, "src/parts/row.cpp": source})
                self.assertEqual(len(found), count, found)
                self.assertTrue(count == 0 or "'beltline::Row' is defined in src/model/row.h too" in found[0], found)

    def test_findings_fail_the_command(self):
        for files, status in [({}, 0), ({"src/model/a.cpp": "int x"}, 1)]:
            command = [sys.executable, lint.__file__, "text", "--root", self.tree(files)]
            self.assertEqual(subprocess.run(command, capture_output=True).returncode, status)

    def test_include_order(self):
        cases = {
            "a room that is not beneath": ("src/model/model.h", '#include "table/table.h"\n',
                                           "src/model/model.h:1: include_order: room 'model' includes "
                                           '"table/table.h", expected only base'),
            "a room two steps beneath": ("src/parts/fab.cpp", '#include "table/table.h"\n', "only base, model"),
            "a file that is not there": ("src/model/model.h", '#include "base/di.h"\n', '"base/di.h" is no file'),
            "a file of the same folder": ("src/model/a.h", '#include "model.h"\n', '"model.h" is no file of src/'),
            "another room's library": ("src/model/model.h", "#include <parquet/file_reader.h>\n",
                                       "belongs to room 'table'"),
            "the solver outside lp": ("src/table/a.cpp", '#include "highs_c_api.h"\n', "belongs to room 'lp'"),
            "a room without a target": ("src/attic/a.h", "\n", "room 'attic' is not in CMakeLists.txt"),
            "app past run": ("src/app/main.cpp", '#include "model/model.h"\n', "expected only audit, base, export"),
            "a circle": ("CMakeLists.txt", CMAKE.replace("table    DEPENDS base", "table    DEPENDS base parts")
                         .replace("parts    DEPENDS model", "parts    DEPENDS model table"), "in a circle"),
        }
        for name, (path, body, expected) in cases.items():
            with self.subTest(name):
                self.assertIn(expected, "\n".join(self.findings("include_order", {path: body})))

    def test_text(self):
        cases = {
            "// x": "no newline at the end",
            "// x\n\n": "empty line at the end",
            "//\tx\n": "a tab",
            "// x \n": "white space at the end",
            "// x\r\n": "a carriage return",
            "// TODO: x\n": "a left-over note",
            "// " + "x" * 118 + "\n": "121 columns, expected at most 120",
            b"// \xff\n": "not UTF-8",
        }
        for body, expected in cases.items():
            with self.subTest(expected):
                self.assertIn(expected, "\n".join(self.findings("text", {"src/model/a.cpp": body})))
        # width is counted in characters, not bytes
        self.assertEqual(self.findings("text", {"src/model/a.cpp": "// " + "수" * 117 + "\n"}), [])

    def test_words(self):
        cases = {
            "assert(x);": "write ASSERT",
            "std::random_device r;": "write uniform01",
            "auto t = std::chrono::system_clock::now();": "only solving looks at a clock",
            "std::cout << 1;": "only app/ prints",
            "int x = std::stoi(s);": "std::from_chars",
            "#define FAB 1": "ASSERT is the only macro",
        }
        for line, expected in cases.items():
            with self.subTest(line):
                self.assertIn(expected, "\n".join(self.findings("words", {"src/model/a.cpp": f"// a\n{line}\n"})))
        for line in ["static_assert(true);", 'const char* s = "assert(x)";', "int x = 1;  // not std::cout"]:
            with self.subTest(line):
                self.assertEqual(self.findings("words", {"src/model/a.cpp": f"// a\n{line}\n"}), [])
        self.assertIn("#pragma once", "\n".join(self.findings("words", {"src/model/a.h": "// a\n"})))
        self.assertIn("open with a comment", "\n".join(self.findings("words", {"src/model/a.h": "#pragma once\n"})))

    def test_links(self):
        files = {"docs/a.md": "[a](b.md#part) [c](https://example.org/c) [d](cases/) `f(x)`\n", "docs/cases/x": "x\n"}
        self.assertIn("'b.md', which is not there", "\n".join(self.findings("links", files)))
        self.assertEqual(self.findings("links", {**files, "docs/b.md": "b\n"}), [])


if __name__ == "__main__":
    unittest.main()
