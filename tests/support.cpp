#include "tests/support.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "plan/tables.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What /proc/PID/stat says, as far as it is asked for here.
struct ProcessState {
  char state = 0;
  int group = 0;
  double processor_s = 0;
};

std::optional<ProcessState> state_of(const fs::path& process) {
  std::ifstream in(process / "stat");
  std::string text;
  if (!std::getline(in, text)) return std::nullopt;
  // pid (name) state parent group …; the name may hold anything but a closing bracket and a space after it
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  ProcessState out;
  unsigned long user = 0, system = 0;
  if (std::sscanf(text.c_str() + name_end + 1, " %c %*d %d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &out.state,
                  &out.group, &user, &system) != 4) {
    return std::nullopt;
  }
  out.processor_s = static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return out;
}

/// End of the string that begins at `i` with a quote.
std::size_t end_of_string(std::string_view text, std::size_t i) {
  const std::string quotes(3, text[i]);
  if (text.substr(i).starts_with(quotes)) {
    const std::size_t end = text.find(quotes, i + 3);
    return end == std::string_view::npos ? text.size() : end + 3;
  }
  for (std::size_t j = i + 1; j < text.size(); ++j) {
    if (text[j] == '\\' && text[i] == '"') {
      ++j;
    } else if (text[j] == text[i]) {
      return j + 1;
    }
  }
  return text.size();
}

std::size_t end_of_line(std::string_view text, std::size_t i) {
  return std::min(text.find('\n', i), text.size());
}

/// End of the value that begins at `i`: the end of its line, or of the line on which its last bracket closes.
std::size_t end_of_value(std::string_view text, std::size_t i) {
  int depth = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = end_of_string(text, i);
      continue;
    }
    if (c == '#' && depth > 0) {
      i = end_of_line(text, i);
      continue;
    }
    if (depth == 0 && (c == '#' || c == '\n')) break;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    ++i;
  }
  return i;
}

/// The body of `[header]`: from the line after it up to the next header.
std::optional<Extent> find_table(std::string_view text, std::string_view header) {
  const std::string line = fmt::format("[{}]", header);
  for (std::size_t i = 0; i < text.size(); i = end_of_line(text, i) + 1) {
    if (!text.substr(i).starts_with(line)) continue;
    Extent body{.begin = std::min(text.size(), end_of_line(text, i) + 1)};
    for (body.end = body.begin; body.end < text.size() && text[body.end] != '[';) {
      body.end = std::min(text.size(), end_of_line(text, end_of_value(text, body.end)) + 1);
    }
    return body;
  }
  return std::nullopt;
}

/// The value of a key inside a table's body.
std::optional<Extent> find_value(std::string_view text, const Extent& body, std::string_view key) {
  for (std::size_t i = body.begin; i < body.end;) {
    const std::size_t value_end = end_of_value(text, i);
    const std::string_view line = text.substr(i, value_end - i);
    const std::size_t equals = line.find('=');
    if (line.starts_with(key) && equals != std::string_view::npos &&
        line.substr(key.size(), equals - key.size()).find_first_not_of(' ') == std::string_view::npos) {
      return Extent{.begin = line.find_first_not_of(' ', equals + 1) + i, .end = value_end};
    }
    i = end_of_line(text, value_end) + 1;
  }
  return std::nullopt;
}

}  // namespace

fs::path scenario_folder(std::string_view name) {
  return fs::path(BELTLINE_SOURCE_DIR) / "scenarios" / name;
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in) << "cannot read " << file;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void write_text(const fs::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  EXPECT_TRUE(out.flush()) << "cannot write " << file;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = end_of_line(text, 0);
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

std::string scaled_numbers(std::string_view text, double factor) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::size_t end = i + 1;
    if (c == '"' || c == '\'') {
      end = end_of_string(text, i);
    } else if (c == '#') {
      end = end_of_line(text, i);
    } else if (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_') {
      while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
    } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      double number = 0;
      const auto [stop, error] = std::from_chars(text.data() + i, text.data() + text.size(), number);
      EXPECT_TRUE(error == std::errc()) << text.substr(i, 20);
      out += fmt::format("{}", number * factor);
      i = static_cast<std::size_t>(stop - text.data());
      continue;
    }
    out += text.substr(i, end - i);
    i = end;
  }
  return out;
}

ScenarioCopy::ScenarioCopy(const fs::path& original) : path_(scratch_.path() / original.filename()) {
  fs::copy(original, path_, fs::copy_options::recursive);
}

void ScenarioCopy::rewrite(const std::function<std::string(const std::string&)>& edit) {
  for (const std::string& name : names_in(path_)) {
    if (name.ends_with(".toml")) write_text(path_ / name, edit(text_of(path_ / name)));
  }
}

void ScenarioCopy::change(const std::string& table, const std::string& key, const Edit& edit) {
  int found = 0;
  rewrite([&](const std::string& original) {
    std::string text = original;
    const auto replace = [&](const Extent& extent, bool is_table) {
      const std::string value = text.substr(extent.begin, extent.end - extent.begin);
      text.replace(extent.begin, extent.end - extent.begin, edit(value, is_table));
      ++found;
    };
    if (const auto body = find_table(text, table)) {
      if (const auto value = find_value(text, *body, key)) replace(*value, false);
    }
    if (const auto sub = find_table(text, table + "." + key)) replace(*sub, true);
    return text;
  });
  EXPECT_EQ(found, 1) << "'" << key << "' of [" << table << "] in " << path_;
}

void ScenarioCopy::set(const std::string& table, const std::string& key, const std::string& value) {
  bool was_table = false;
  change(table, key, [&](const std::string&, bool is_table) {
    was_table = is_table;
    return is_table ? std::string() : value + " ";
  });
  if (!was_table) return;
  // The emptied [table.key] becomes the key it stands for, in its own table.
  rewrite([&](const std::string& original) {
    std::string text = original;
    const std::string header = fmt::format("[{}.{}]", table, key);
    const std::size_t at = text.find(header);
    if (at == std::string::npos) return text;
    text.erase(at, header.size());
    const std::string line = fmt::format("{} = {}\n", key, value);
    if (const auto body = find_table(text, table)) {
      text.insert(body->begin, line);
    } else {
      text.insert(at, fmt::format("[{}]\n{}", table, line));
    }
    return text;
  });
}

void ScenarioCopy::scale(const std::string& table, const std::string& key, double factor) {
  change(table, key, [&](const std::string& value, bool) {
    std::string scaled = scaled_numbers(value, factor);
    EXPECT_NE(scaled, value) << "no bare number in '" << key << "' of [" << table << "]";
    return scaled;
  });
}

int Planned::period(std::string_view month) const {
  const auto parsed = parse_month(month);
  const int t = parsed ? model().calendar.period_of(*parsed) : -1;
  EXPECT_TRUE(t >= 0 && t < model().period_count()) << month;
  return std::clamp(t, 0, last_period());
}

double Planned::measure(std::string_view table, std::string_view name, std::string_view place, int t) const {
  for (const Measure& each : model().measures) {
    const std::string_view where = each.place.valid() ? std::string_view(model().places[each.place.index()].name) : "";
    if (each.table == table && each.name == name && where == place) return measure_value(model(), plan(), each, t);
  }
  ADD_FAILURE() << "no measure '" << name << "' at '" << place << "' in table '" << table << "'";
  return 0;
}

double Planned::total(std::string_view table, std::string_view name, std::string_view place) const {
  double sum = 0;
  for (int t = 0; t <= last_period(); ++t) sum += measure(table, name, place, t);
  return sum;
}

double Planned::last(std::string_view table, std::string_view name, std::string_view place) const {
  return measure(table, name, place, last_period());
}

const Table& Planned::table(std::string_view name) const {
  static const Table none;
  const auto found = std::ranges::find(result.tables, name, &Table::name);
  EXPECT_TRUE(found != result.tables.end()) << "no table '" << name << "'";
  return found == result.tables.end() ? none : *found;
}

double Planned::figure(std::string_view name) const {
  const Table& summary = table("summary");
  for (std::size_t i = 0; i < summary.row_count(); ++i) {
    if (summary.column("name").texts()[i] == name) return summary.column("value").numbers()[i];
  }
  ADD_FAILURE() << "the summary has no figure '" << name << "'";
  return 0;
}

Planned plan_folder(const fs::path& folder, const PlanOptions& options) {
  Planned planned;
  planned.compiled = compile_scenario(folder);
  EXPECT_FALSE(planned.compiled.diagnostics.has_errors())
      << render(planned.compiled.diagnostics, planned.compiled.files);
  if (!planned.compiled.model) throw std::runtime_error("no model of " + folder.string());
  auto result = run_plan(planned.compiled, options);
  if (!result) throw std::runtime_error(result.error().message);
  planned.result = std::move(*result);
  if (!planned.plan().has_point) throw std::runtime_error(planned.result.summary + planned.result.statistics.stages);
  return planned;
}

Program::Program(const std::vector<std::string>& arguments, const fs::path& working_folder) : begin_s_(now_s()) {
  std::vector<std::string> words = {BELTLINE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* no_environment[] = {nullptr};
  const std::string out = scratch_.path() / "out";
  const std::string err = scratch_.path() / "err";
  // there from the beginning: a child may be killed before it opens them
  for (const std::string& file : {out, err}) write_text(file, "");
  pid_ = fork();
  if (pid_ != 0) return;
  setpgid(0, 0);
  const int out_file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (dup2(out_file, STDOUT_FILENO) < 0 || dup2(err_file, STDERR_FILENO) < 0) _exit(126);
  if (chdir(working_folder.c_str()) != 0) _exit(126);
  execve(argv[0], argv.data(), no_environment);
  _exit(127);
}

Program::~Program() {
  if (pid_ > 0) {
    send(SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
}

void Program::send(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

int Program::process_count() const {
  return pid_ > 0 ? living_in_group(pid_) : 0;
}

double Program::processor_s() const {
  const auto state = pid_ > 0 ? state_of(fs::path("/proc") / std::to_string(pid_)) : std::nullopt;
  return state ? state->processor_s : 0;
}

Finished Program::wait() {
  Finished finished;
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) throw std::runtime_error("waitpid");
  pid_ = -1;
  finished.seconds = now_s() - begin_s_;
  if (WIFEXITED(status)) finished.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
  finished.out = text_of(scratch_.path() / "out");
  finished.err = text_of(scratch_.path() / "err");
  return finished;
}

bool wait_until(const std::function<bool()>& is_so) {
  constexpr double kPatience_s = 120;
  const double begin = now_s();
  while (!is_so()) {
    if (now_s() - begin > kPatience_s) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

int living_in_group(pid_t group) {
  int count = 0;
  std::error_code ignored;
  for (fs::directory_iterator it("/proc", ignored), end; it != end; it.increment(ignored)) {
    const auto state = state_of(it->path());
    count += state && state->group == group && state->state != 'Z' && state->state != 'X' ? 1 : 0;
  }
  return count;
}

bool is_soak() {
  const char* const soak = std::getenv("BELTLINE_SOAK");
  return soak != nullptr && std::string_view(soak) == "1";
}

Finished run_program(const std::vector<std::string>& arguments, const fs::path& working_folder) {
  return Program(arguments, working_folder).wait();
}

}  // namespace beltline
