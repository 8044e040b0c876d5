// What the tests of the whole program share: copies of scenarios with one value changed, plans read by their measures,
// and the program itself, run as a user runs it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "run/pipeline.h"
#include "table/example_table.h"

namespace beltline {

/// A scenario of this checkout.
std::filesystem::path scenario_folder(std::string_view name);

/// A copy of a scenario, to be changed. Values are replaced as text, so that the reader of scenarios is tested too.
///
/// A value is named by its table and key as written: `set("site.ulsan", "online", "\"2029-11\"")`. It may span lines,
/// or be a table of its own ([site.ulsan.online]). A test failure if it is not there: a scenario that was reworded must
/// not make a test pass for nothing.
class ScenarioCopy {
 public:
  explicit ScenarioCopy(const std::filesystem::path& original);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void set(const std::string& table, const std::string& key, const std::string& value);
  /// Multiplies every number of the value that is not inside a string.
  void scale(const std::string& table, const std::string& key, double factor);
  /// Passes the text of each TOML file through `edit`.
  void rewrite(const std::function<std::string(const std::string&)>& edit);

 private:
  using Edit = std::function<std::string(const std::string& value, bool is_table)>;
  void change(const std::string& table, const std::string& key, const Edit& edit);

  ScratchFolder scratch_;
  std::filesystem::path path_;
};

/// Every bare number of a TOML text times `factor`; strings, keys and comments stay.
std::string scaled_numbers(std::string_view text, double factor);

/// A scenario and its plan, asked in the words of the tables.
struct Planned {
  Compiled compiled;
  RunResult result;

  [[nodiscard]] const Model& model() const { return *compiled.model; }
  [[nodiscard]] const Plan& plan() const { return result.plan; }
  /// Period of a month "2029-11"; it must lie inside the horizon.
  [[nodiscard]] int period(std::string_view month) const;
  /// A measure in a period; the place's name, "" for measures of no place. A test failure if there is none.
  [[nodiscard]] double measure(std::string_view table, std::string_view name, std::string_view place, int t) const;
  /// The same, summed over the horizon.
  [[nodiscard]] double total(std::string_view table, std::string_view name, std::string_view place) const;
  [[nodiscard]] double last(std::string_view table, std::string_view name, std::string_view place) const;
  [[nodiscard]] int last_period() const { return model().period_count() - 1; }
  [[nodiscard]] const Table& table(std::string_view name) const;
  [[nodiscard]] double figure(std::string_view name) const;
};

/// Compiles and plans; a test failure, with what was wrong, if the scenario has errors or the plan no point.
Planned plan_folder(const std::filesystem::path& folder, const PlanOptions& options = {});

/// What a finished run of the program left behind.
struct Finished {
  int code = -1;  // exit code, or -1 if a signal ended it
  int signal = 0;
  double seconds = 0;
  std::string out;
  std::string err;
};

/// `beltline` with arguments, in a process of its own and an environment without a single variable.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments, const std::filesystem::path& working_folder = "/");
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Its process and its process group: what it starts belongs to the same.
  [[nodiscard]] pid_t pid() const { return pid_; }
  void send(int signal) const;
  Finished wait();

  /// How many processes of its group run: itself, and its solvers.
  [[nodiscard]] int process_count() const;
  /// Seconds of a processor that its own process has used; 0 once it was waited for.
  [[nodiscard]] double processor_s() const;

 private:
  ScratchFolder scratch_;
  pid_t pid_ = -1;
  double begin_s_ = 0;
};

Finished run_program(const std::vector<std::string>& arguments, const std::filesystem::path& working_folder = "/");

/// Waits for what is to be so, looking again and again; a minute or two, for machines are slow and busy.
///
/// @returns whether it came about
bool wait_until(const std::function<bool()>& is_so);

/// Processes of a group that still run (the dead may wait to be collected).
int living_in_group(pid_t group);

/// Whether the whole form of a test is asked for (make soak sets BELTLINE_SOAK=1), not the short one of make test.
bool is_soak();

/// The whole text of a file; a test failure if it cannot be read.
std::string text_of(const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, std::string_view text);
std::vector<std::string> lines_of(std::string_view text);

}  // namespace beltline
