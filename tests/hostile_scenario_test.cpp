// Scenarios that come from anyone: includes that want to leave the folder, and texts that want to steer a terminal.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

/// What no output may ever hold.
constexpr std::string_view kCanary = "canary4711";

/// A TOML text as one basic string, with everything escaped that is not a plain letter.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '"' || c == '\\') {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

/// A scenario folder beside files that it must not read.
class Hostile : public testing::Test {
 protected:
  Hostile() {
    fs::create_directories(folder() / "data");
    fs::create_directories(outside() / "deep");
    for (const char* name : {"x.toml", "deep/x.toml"}) {
      write_text(outside() / name, fmt::format("[{0}.{0}]\n{0} = 1\n", kCanary));
    }
    for (const char* name : {"x.csv", "deep/site.csv"}) {
      write_text(outside() / name, fmt::format("month,{0} [{0}]\n1,{0}\n", kCanary));
    }
    fs::create_symlink(outside() / "x.toml", folder() / "link.toml");
    fs::create_symlink(outside() / "x.csv", folder() / "site-link.csv");
    fs::create_symlink("../outside/x.toml", folder() / "data" / "relative.toml");
    fs::create_symlink(outside(), folder() / "out");
    fs::create_symlink("out", folder() / "chain");
    fs::create_symlink("chain/deep", folder() / "data" / "chain");
    fs::create_symlink("link.toml", folder() / "second.toml");
    fs::create_symlink("loop.toml", folder() / "loop.toml");
    fs::create_symlink("/dev/zero", folder() / "zero.toml");
    fs::create_symlink("/proc/self/root", folder() / "root");
    fs::create_symlink("/proc/self/environ", folder() / "environ.toml");
    fs::create_directories(folder() / "folder.toml");
    EXPECT_EQ(::mkfifo((folder() / "pipe.toml").c_str(), 0600), 0);
  }

  [[nodiscard]] fs::path folder() const { return scratch_.path() / "scenario"; }
  [[nodiscard]] fs::path outside() const { return scratch_.path() / "outside"; }

  /// Writes the scenario and checks it, as text and as JSON; returns the JSON.
  nlohmann::json check(const std::string& text, const std::string& what) const {
    write_text(folder() / "scenario.toml", text);
    const Finished plain = run_program({"check", "scenario"}, scratch_.path());
    const Finished json = run_program({"check", "scenario", "--json"}, scratch_.path());
    EXPECT_EQ(plain.code, 1) << what << plain.err;
    EXPECT_EQ(json.code, 1) << what;
    for (const std::string* output : {&plain.out, &plain.err, &json.out, &json.err}) {
      EXPECT_THAT(*output, Not(HasSubstr(kCanary))) << what;
    }
    return nlohmann::json::parse(json.out);
  }

  /// The first diagnostic is of one of the codes, stands where the path is written, and has a help.
  static void expect_refused(const nlohmann::json& json, int column, const std::string& what) {
    ASSERT_FALSE(json["diagnostics"].empty()) << what;
    const nlohmann::json& d = json["diagnostics"][0];
    EXPECT_THAT(d["code"].get<std::string>(), testing::AnyOf("BL0001", "BL0008", "BL0009", "BL0010")) << what << d;
    EXPECT_EQ(d["file"], "scenario.toml") << what << d;
    EXPECT_EQ(d["line"], 1) << what << d;
    EXPECT_EQ(d["column"], column) << what << d;
    EXPECT_NE(d["help"], "") << what << d;
    EXPECT_NE(d["help_ko"], d["help"]) << what << d;
  }

  /// Paths that must not be followed, as include and as a series' file.
  [[nodiscard]] std::vector<std::string> paths(const std::string& type) const {
    const std::string x = "x." + type;
    std::vector<std::string> list{
        "../outside/" + x,
        "./../outside/" + x,
        "data/../../outside/" + x,
        "data/./.././../outside/" + x,
        "..//outside//" + x,
        (outside() / x).string(),
        "/" + (outside() / x).string(),
        "out/" + x,
        "chain/" + x,
        "data/chain/" + x,
        "out/*." + type,
        "*/../../outside/*." + type,
        "ou?/" + x,
        "data/chain/deep/../" + x,
        "%2e%2e/outside/" + x,
        "..%2foutside%2f" + x,
        "..\\outside\\" + x,
        "..\xC2\xA0/outside/" + x,
        "\xEF\xBC\x8E\xEF\xBC\x8E/outside/" + x,
        "../outside/" + x + std::string(1, '\0') + ".toml",
        "~/" + x,
        "$HOME/" + x,
        "file://" + (outside() / x).string(),
        "root" + (outside() / x).string(),
        "/proc/self/root" + (outside() / x).string(),
        "/proc/self/cwd/outside/" + x,
        "../outside/" + x + "/.",
        "../outside/" + x + "...",
        "../OUTSIDE/" + x,
        ".../outside/" + x,
        std::string(5000, 'a') + "/../../outside/" + x,
        "data/" + std::string(900, 'b') + "." + type,
    };
    if (type == "csv") {
      list.emplace_back("site-link.csv");
      return list;
    }
    for (const char* more : {"link.toml", "second.toml", "loop.toml", "data/relative.toml", "zero.toml", "environ.toml",
                             "folder.toml", "pipe.toml", "scenario.toml", "/dev/stdin", "data/", "."}) {
      list.emplace_back(more);
    }
    return list;
  }

 private:
  ScratchFolder scratch_;
};

TEST_F(Hostile, includes_never_leave_the_folder) {
  const std::vector<std::string> list = paths("toml");
  EXPECT_GE(list.size(), 25u);
  for (const std::string& path : list) {
    const std::string text = "include = [" + toml_string(path) + "]\n[calendar]\nstart = \"2026-01\"\nperiods = 1\n";
    expect_refused(check(text, path), 12, path);
  }
}

TEST_F(Hostile, a_file_inside_shows_what_the_canary_would_look_like) {
  write_text(folder() / "data" / "inside.toml", fmt::format("[{0}.{0}]\n", kCanary));
  write_text(folder() / "scenario.toml",
             "include = [\"data/inside.toml\"]\n[calendar]\nstart = \"2026-01\"\nperiods = 1\n");
  EXPECT_THAT(run_program({"check", folder().string()}).err, HasSubstr(kCanary));
}

TEST_F(Hostile, series_never_leave_the_folder) {
  const std::vector<std::string> list = paths("csv");
  EXPECT_GE(list.size(), 25u);
  for (const std::string& path : list) {
    const std::string text = "climate.c = {wet_bulb = {file = " + toml_string(path) +
                             ", column = \"canary\", by = \"month_of_year\"}}\n[calendar]\nstart = "
                             "\"2026-01\"\nperiods = 1\n";
    expect_refused(check(text, path), 33, path);
  }
}

/// No byte that steers a terminal, and no mark that turns the direction of text.
void expect_harmless(const std::string& text, const std::string& what) {
  for (const char c : text) {
    EXPECT_FALSE((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) << what << "\n" << text;
  }
  for (const char* mark : {"\u202A", "\u202B", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u200B", "\u200F",
                           "\u2028", "\u009B", "\u0085", "\uFEFF"}) {
    EXPECT_THAT(text, Not(HasSubstr(mark))) << what;
  }
}

TEST_F(Hostile, texts_are_shown_escaped) {
  const std::string texts[] = {"\x1b[2J\x1b[31mred",
                               "\x1b]0;title\x07",
                               "a\u202Eb\u2066c",
                               "\u009B31m",
                               "a\rb\nc\td\be",
                               "zero\u200Bwidth",
                               "\u2028line\uFEFF",
                               "\x7F\x01",
                               "' refers to 'x', which is",
                               "{} {0} %s %n {:t}",
                               "</script><b>\"quote\"",
                               "error[BL0001]: x"};
  const char* const places[] = {
      // what is wrong is the text itself: a name, a key, a choice, a unit, a month, a reference, a path, an entry
      "[party.{0}]\n",
      "[party.p]\n{0} = 1\n",
      "[{0}.p]\n",
      "[place.p]\n[site.s]\nplace = \"p\"\ncooling = {0}\n",
      "[place.p]\n[site.s]\nplace = \"p\"\nland_max = {0}\n",
      "[place.p]\n[site.s]\nplace = \"p\"\nonline = {0}\n",
      "[place.p]\n[site.s]\nplace = \"p\"\nowner = {0}\n",
      "[place.p]\n[site.s]\nplace = \"p\"\navailability = {{values = [1], by = {0}}}\n",
      "[commodity.c]\nunit = {0}\n[place.p]\ntitle = {0}\nlatitude = {0}\n",
      "[climate.c]\nwet_bulb = {{file = {0}, column = {0}}}\n",
  };
  for (const char* place : places) {
    for (const std::string& text : texts) {
      const std::string scenario =
          "[calendar]\nstart = \"2026-01\"\nperiods = 1\n" + fmt::format(fmt::runtime(place), toml_string(text));
      write_text(folder() / "scenario.toml", scenario);
      for (const char* language : {"en", "ko"}) {
        const Finished plain = run_program({"check", folder().string(), "--lang", language});
        EXPECT_EQ(plain.code, 1) << scenario;
        expect_harmless(plain.err + plain.out, scenario);
      }
      const Finished json = run_program({"check", folder().string(), "--json"});
      expect_harmless(json.out, scenario);
      EXPECT_FALSE(nlohmann::json::parse(json.out)["diagnostics"].empty()) << scenario;
    }
  }
  // a control character as it is, not escaped by the writer: TOML forbids it, and the line is shown
  write_text(folder() / "scenario.toml", "[calendar]\nstart = \"2026\x1b[2J\u202E\"\n");
  const Finished raw = run_program({"check", folder().string()});
  EXPECT_EQ(raw.code, 1);
  expect_harmless(raw.err, "raw");
  EXPECT_THAT(raw.err, HasSubstr("\\x1b[2J\\u202e"));
}

}  // namespace
}  // namespace beltline
