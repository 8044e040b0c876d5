// Scenario faults as people make them, and mutants of the Korean scenario: each is found at its place, and the
// suggestion is what undoes it.
#include <algorithm>
#include <cstdlib>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "base/random.h"
#include "base/units.h"
#include "parts/part.h"
#include "plan/gain_loop.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kMark = "«";

/// A scenario's files in memory.
using Texts = std::map<std::string, std::string>;

Texts texts_of_scenario(const std::string& name) {
  static std::map<std::string, Texts> known;
  Texts& texts = known[name];
  if (!texts.empty()) return texts;
  for (const auto& entry : fs::directory_iterator(scenario_folder(name))) {
    texts[entry.path().filename().string()] = text_of(entry.path());
  }
  return texts;
}

struct Checked {
  SourceFiles files;
  Diagnostics diagnostics;
  bool good = false;
};

/// Load, compile and look for gain loops, as `check` does.
Checked check(const Texts& texts, std::vector<std::string> overrides = {}) {
  std::vector<SourceFile> files;
  for (const auto& [path, text] : texts) files.push_back({path, text});
  Loaded loaded = load_scenario(files, all_sections(), {.overrides = std::move(overrides)});
  Checked out{.files = std::move(loaded.files), .diagnostics = std::move(loaded.diagnostics)};
  if (!loaded.spec) return out;
  const std::optional<Model> model = compile(*loaded.spec, out.diagnostics);
  out.good = model && find_gain_loops(*model, out.diagnostics) && !out.diagnostics.has_errors();
  out.diagnostics.sort_and_limit(out.files);
  return out;
}

const Diagnostic* first_error(const Checked& checked) {
  const auto& all = checked.diagnostics.all();
  const auto found = std::ranges::find(all, Severity::error, &Diagnostic::severity);
  return found == all.end() ? nullptr : &*found;
}

/// The texts with the fix of a diagnostic written over what it underlines.
Texts with_fix(Texts texts, const Checked& checked, const Diagnostic& d) {
  std::string& text = texts[checked.files[d.origin.file].path];
  std::size_t at = 0;
  for (uint32_t line = 1; line < d.origin.line; ++line) at = text.find('\n', at) + 1;
  text.replace(at + d.origin.column - 1, d.origin.length, replacement(d, checked.files));
  return texts;
}

struct FaultCase {
  std::string name;
  std::map<std::string, std::string> fields;
  std::vector<std::pair<std::string, std::string>> also;

  [[nodiscard]] std::string field(const std::string& key, const std::string& fallback = {}) const {
    const auto found = fields.find(key);
    return found == fields.end() ? fallback : found->second;
  }
};

std::string unescaped(std::string text) {
  for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at)) text.replace(at, 2, "\n");
  return text;
}

std::vector<FaultCase> fault_cases() {
  std::vector<FaultCase> cases;
  for (const std::string& line : lines_of(text_of(BELTLINE_SOURCE_DIR "/tests/cases/faults.cases"))) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t blank = line.find(' ');
    const std::string key = line.substr(0, blank);
    const std::string value = blank == std::string::npos ? std::string() : unescaped(line.substr(blank + 1));
    if (key == "==") {
      cases.push_back({.name = value});
    } else if (key == "also") {
      const std::size_t split = value.find(' ');
      cases.back().also.emplace_back(value.substr(0, split), value.substr(split + 1));
    } else {
      cases.back().fields[key] = value;
    }
  }
  return cases;
}

/// "scenario.toml:12:9" of a marked text.
std::string place_of_mark(const std::string& path, const std::string& text, const std::string& marked) {
  const std::size_t mark = marked.find(kMark);
  std::string plain = marked;
  plain.erase(mark, kMark.size());
  const std::size_t found = text.find(plain);
  if (found == std::string::npos) return "the text '" + plain + "' is not in " + path;
  const std::size_t at = found + mark;
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  const std::size_t start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  return fmt::format("{}:{}:{}", path, line, at - start + 1);
}

/// What was made of a case: the scenario at fault, and where the fault is.
struct Made {
  Texts texts;
  std::string place;
};

Made make(const FaultCase& c) {
  Made made{.texts = texts_of_scenario(c.field("base", "first")), .place = {}};
  const std::string path = c.field("file", "scenario.toml");
  std::string& text = made.texts[path];
  std::string marked = c.field("new");
  std::string plain = marked;
  if (const std::size_t mark = plain.find(kMark); mark != std::string::npos) plain.erase(mark, kMark.size());
  if (!c.field("old").empty()) {
    const std::size_t at = text.find(c.field("old"));
    EXPECT_NE(at, std::string::npos) << c.name << ": '" << c.field("old") << "' is not in " << path;
    if (at != std::string::npos) text.replace(at, c.field("old").size(), plain);
  } else {
    text += "\n" + plain;
  }
  for (const auto& [name, content] : c.also) made.texts[name] = content;
  if (!c.field("at").empty()) marked = c.field("at");
  made.place = place_of_mark(path, text, marked);
  return made;
}

/// Whether the suggestion is the right one; the scenario compiles with it, where it can be written in place.
bool is_right(const FaultCase& c, const Made& made, const Checked& checked, const Diagnostic& d) {
  if (c.field("fix").empty()) return d.help.find(c.field("help")) != std::string::npos;
  if (replacement(d, checked.files) != c.field("fix")) return false;
  const Checked mended = check(with_fix(made.texts, checked, d));
  EXPECT_TRUE(mended.good) << c.name << ":\n" << render(mended.diagnostics, mended.files);
  return mended.good;
}

TEST(Faults, each_is_found_at_its_place_with_the_right_fix) {
  const std::vector<FaultCase> cases = fault_cases();
  std::size_t right = 0;
  for (const FaultCase& c : cases) {
    const Made made = make(c);
    const Checked checked = check(made.texts);
    const Diagnostic* const d = first_error(checked);
    EXPECT_NE(d, nullptr) << c.name;
    if (d == nullptr) continue;
    const std::string text = render(*d, checked.files);
    EXPECT_EQ(checked.files.describe(d->origin), made.place) << c.name << "\n" << text;
    EXPECT_EQ(code_name(d->code), c.field("code")) << c.name << "\n" << text;
    EXPECT_NE(d->message, "") << c.name;
    EXPECT_NE(d->help, "") << c.name << "\n" << text;
    EXPECT_EQ(english_left_in(*d), "") << c.name << "\n" << render(*d, checked.files, Language::korean);
    const bool good = is_right(c, made, checked, *d);
    right += good ? 1 : 0;
    EXPECT_TRUE(good) << c.name << ": fix '" << replacement(*d, checked.files) << "', wanted '"
                      << c.field("fix", c.field("help")) << "'\n"
                      << text;
  }
  EXPECT_GE(cases.size(), 50u);
  EXPECT_GE(right * 10, cases.size() * 9);
}

/// A scenario of one month with `text` after it, and a file beside.
Texts small(const std::string& text, const std::string& path = {}, const std::string& content = {}) {
  Texts texts{{"scenario.toml", "[calendar]\nstart = \"2026-01\"\nperiods = 12\n[place.p]\n" + text}};
  if (!path.empty()) texts[path] = content;
  return texts;
}

Texts including(const std::string& path, const std::string& content) {
  Texts texts = small("", path, content);
  texts["scenario.toml"].insert(0, fmt::format("include = [\"{}\"]\n", path));
  return texts;
}

std::string repeated(std::string_view text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Faults, every_code_is_told_in_both_languages) {
  const std::string flows = "[commodity.a]\nunit = \"MW\"\n[commodity.b]\nunit = \"wafer\"\ngrain = \"amount\"\n";
  std::vector<Texts> scenarios{
      including("a.toml", " \n"),
      including("a.toml", std::string(5'000'000, ' ')),
      including("a.toml", "# \xFF\n"),
      including("a.toml", std::string("# \0\n", 4)),
      including("a.toml", "include = [\"scenario.toml\"]\n"),
      including("a.xlsx", "x"),
      including("site.csv", "nme,place\na,p\n"),
      small("x = " + repeated("[", 40)),
      small("x = [" + repeated("1,", 400'001) + "]"),
      small("[climate.c]\nwet_bulb = {file = \"x.parquet\", column = \"a\"}\n", "x.parquet", "PAR1 no PAR1"),
      Texts{{"scenario.toml", "[place.p]\n"}},
      small("[limit.l]\nupper = 1\nunit = \"MW\"\nfirst = \"2026-06\"\nlast = \"2026-02\"\nterms = []\n"),
      small("[process.p]\nplace = \"p\"\nunit = \"wafer\"\npeak_cost = \"1 USD/wafer/month\"\n"),
      small(flows + "[process.x]\nplace = \"p\"\nunit = \"MW\"\nflows = [{commodity = \"a\", rate = -1}]\n"),
      small("[budget.b]\namount = \"1 USD\"\n"),
      small("[item.a]\nunit = \"unit\"\n[item.b]\nunit = \"unit\"\n"
            "[assembly.x]\nmakes = \"a\"\nplace = \"p\"\nparts = [{item = \"b\", amount = 1}]\n"
            "[assembly.y]\nmakes = \"b\"\nplace = \"p\"\nparts = [{item = \"a\", amount = 1}]\n"),
      small("[item.a]\nunit = \"unit\"\n[item.b]\nunit = \"unit\"\n[item.c]\nunit = \"unit\"\n"
            "[item.d]\nunit = \"unit\"\n[assembly.x]\nmakes = \"a\"\nplace = \"p\"\nparts = ["
            "{item = \"b\", amount = 1}, {item = \"c\", instead_of = \"b\", share = 0.7}, "
            "{item = \"d\", instead_of = \"b\", share = 0.4}]\n"),
  };
  for (const FaultCase& c : fault_cases()) scenarios.push_back(make(c).texts);
  std::map<Code, int> seen;
  const auto expect_told = [&](const Checked& checked) {
    for (const Diagnostic& d : checked.diagnostics.all()) {
      ++seen[d.code];
      EXPECT_NE(d.help, "") << render(d, checked.files);
      EXPECT_EQ(english_left_in(d), "") << render(d, checked.files, Language::korean);
    }
  };
  for (const Texts& texts : scenarios) expect_told(check(texts));
  expect_told(check(small(""), {"calendar.periods"}));
  for (const CodeMeaning& code : kDiagnosticCodes) {
    if (code.code == Code::closed_month) continue;  // of a register of actuals: run/read_actuals_test.cpp
    EXPECT_TRUE(seen.contains(code.code)) << code_name(code.code) << ": " << code.meaning;
  }
}

/// One letter of a scenario changed, where a name, a key, a unit or a month stands.
struct Mutant {
  std::string what;
  std::string path;
  std::size_t line = 0;  // from 1
  std::string before, after;
};

/// Draws in a row, the same for one seed.
class Draws {
 public:
  explicit Draws(uint32_t replication) : replication_(replication) {}
  std::size_t below(std::size_t count) {
    const double u = uniform01({.seed = 20261125, .replication = replication_, .source = 1, .period = next_++});
    return std::min(static_cast<std::size_t>(u * static_cast<double>(count)), count - 1);
  }

 private:
  uint32_t replication_;
  uint32_t next_ = 0;
};

/// A slip of the fingers: a letter left out, doubled, swapped with its neighbour, or hit beside.
std::string slip(std::string word, Draws& draws) {
  const std::size_t at = draws.below(word.size());
  switch (draws.below(4)) {
    case 0: return word.erase(at, 1);
    case 1: return word.insert(at, 1, word[at]);
    case 2:
      if (at + 1 < word.size()) std::swap(word[at], word[at + 1]);
      return word;
    default: word[at] = static_cast<char>('a' + draws.below(26)); return word;
  }
}

/// The part of a line that may be changed: what it is, where it begins, its text.
struct Target {
  const char* what;
  std::size_t at;
  std::string word;
};

/// Keys, and values that are names, choices, months or quantities, of one line `key = value`.
std::vector<Target> targets_in(const std::string& line, const Section& section) {
  std::vector<Target> targets;
  const std::size_t equals = line.find(" = ");
  if (equals == std::string::npos) return targets;
  const std::string key = line.substr(0, equals);
  const auto attribute = std::ranges::find(section.attributes, key, &Attribute::key);
  if (attribute == section.attributes.end()) return targets;
  if (key.size() > 3) targets.push_back({"key", 0, key});
  const std::size_t open = equals + 3;
  const std::size_t close = line.find('"', open + 1);
  if (line[open] != '"' || close == std::string::npos) return targets;
  const std::string value = line.substr(open + 1, close - open - 1);
  const std::size_t blank = value.rfind(' ');
  switch (attribute->kind) {
    case Kind::reference: targets.push_back({"reference", open + 1, value}); break;
    case Kind::choice: targets.push_back({"choice", open + 1, value}); break;
    case Kind::month: targets.push_back({"month", open + 1, value}); break;
    case Kind::quantity:
    case Kind::series:
    case Kind::duration:
      if (blank != std::string::npos && value.size() - blank > 3) {
        targets.push_back({"unit", open + 1 + blank + 1, value.substr(blank + 1)});
      }
      break;
    default: break;
  }
  return targets;
}

/// Every place of the Korean scenario that a mutant may change.
struct Place {
  std::string path;
  std::size_t line;
  Target target;
};

std::vector<Place> places_to_change(const Texts& texts) {
  std::vector<Place> places;
  std::map<std::string_view, const Section*> sections;
  for (const Section* section : all_sections()) sections[section->name] = section;
  for (const auto& [path, text] : texts) {
    if (!path.ends_with(".toml")) continue;
    const Section* section = nullptr;
    std::size_t number = 0;
    for (const std::string& line : lines_of(text)) {
      ++number;
      if (line.starts_with('[')) {
        const std::string name = line.substr(1, line.find_first_of(".]") - 1);
        const bool whole = std::ranges::count(line.substr(0, line.find(']')), '.') == 1;
        section = whole && sections.contains(name) ? sections[name] : nullptr;
        if (section != nullptr) places.push_back({path, number, {"section", 1, name}});
      } else if (section != nullptr) {
        for (Target& target : targets_in(line, *section)) places.push_back({path, number, std::move(target)});
      }
    }
  }
  return places;
}

Mutant mutate(Texts& texts, const Place& place, Draws& draws) {
  Mutant mutant{place.target.what, place.path, place.line, place.target.word, {}};
  if (mutant.what == "month") {
    const std::string month = mutant.before;
    const std::string forms[] = {month.substr(0, 4) + "/" + month.substr(5), month.substr(0, 4) + month.substr(5),
                                 month + "-01", month.substr(0, 4) + "." + month.substr(5)};
    mutant.after = forms[draws.below(4)];
  } else {
    mutant.after = slip(mutant.before, draws);
  }
  std::string& text = texts[place.path];
  std::size_t at = 0;
  for (std::size_t line = 1; line < place.line; ++line) at = text.find('\n', at) + 1;
  text.replace(at + place.target.at, mutant.before.size(), mutant.after);
  return mutant;
}

TEST(Faults, mutants_of_the_korean_scenario_are_found_and_mended) {
  // more of them in a soak: BELTLINE_MUTANTS=5000
  const char* const wanted = std::getenv("BELTLINE_MUTANTS");
  const auto count = static_cast<std::size_t>(wanted == nullptr ? 200 : std::atoi(wanted));
  const Texts original = texts_of_scenario("korea");
  const std::vector<Place> places = places_to_change(original);
  ASSERT_GT(places.size(), 500u);
  std::size_t made = 0, found = 0, right = 0;
  for (uint32_t i = 0; made < count && i < 10 * count; ++i) {
    Draws draws(i);
    Texts texts = original;
    const Mutant mutant = mutate(texts, places[draws.below(places.size())], draws);
    if (mutant.after == mutant.before || mutant.after.empty()) continue;
    if (mutant.what == "unit" && Units().known(mutant.after)) continue;  // mmonth: what is wrong shows elsewhere
    const Checked checked = check(texts);
    if (checked.good) continue;  // the slip made another word that is good: kW for MW
    ++made;
    bool here = false, mended = false;
    for (const Diagnostic& d : checked.diagnostics.all()) {
      EXPECT_NE(d.help, "") << render(d, checked.files);
      EXPECT_EQ(english_left_in(d), "") << render(d, checked.files, Language::korean);
      if (d.origin.file < 0 || checked.files[d.origin.file].path != mutant.path || d.origin.line != mutant.line)
        continue;
      here = true;
      mended = mended || with_fix(texts, checked, d) == original;
    }
    found += here ? 1 : 0;
    right += mended ? 1 : 0;
    if (!here || !mended) {
      fmt::print("{} {}:{} '{}' for '{}': {}\n", mutant.what, mutant.path, mutant.line, mutant.after, mutant.before,
                 here ? "another suggestion" : "not found there");
    }
    EXPECT_TRUE(here) << render(checked.diagnostics, checked.files);
  }
  fmt::print("{} mutants, {} found at their line, {} mended by the suggestion\n", made, found, right);
  EXPECT_EQ(made, count);
  EXPECT_GE(right * 10, made * 9);
}

}  // namespace
}  // namespace beltline
