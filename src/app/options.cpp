#include "app/options.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/count.h"
#include "base/text.h"

namespace beltline {
namespace {

std::atomic<bool> cancelled = false;

void on_signal(int) {
  // Only what is safe in a handler: a flag; the second time, the end.
  if (cancelled.exchange(true)) _exit(130);
}

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

int exit_code(Termination termination) {
  switch (termination) {
    case Termination::optimal: return kExitDone;
    case Termination::infeasible:
    case Termination::unbounded: return kExitNoPlan;
    case Termination::limit:
    case Termination::interrupted: return kExitNotOptimal;
    case Termination::unverified: return kExitUnverified;
  }
  return kExitUnverified;
}

const std::atomic<bool>& cancel_flag() {
  return cancelled;
}

void catch_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool report(const Compiled& compiled, bool as_json) {
  const bool bad = compiled.diagnostics.has_errors() || !compiled.model;
  if (as_json && bad) {
    nlohmann::ordered_json json;
    json["ok"] = false;
    json["diagnostics"] = nlohmann::ordered_json::parse(render_json(compiled.diagnostics, compiled.files));
    fmt::print("{}\n", json.dump(2));
  } else if (!as_json) {
    fmt::print(stderr, "{}", render(compiled.diagnostics, compiled.files, output_language()));
  }
  return bad;
}

int fail(const Failure& failure, bool as_json) {
  if (as_json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"ok", false}, {"error", failure.message}}.dump(
                           2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    // a failure quotes names of files and tables, which may hold anything
    fmt::print(stderr, "beltline: {}\n", printable(failure.message, 4096));
  }
  return kExitFailure;
}

ProgressLine::ProgressLine() : on_terminal_(isatty(STDERR_FILENO) != 0), begin_s_(now_s()) {}

ProgressLine::~ProgressLine() {
  if (shown_) fmt::print(stderr, "\r\033[K");
}

void ProgressLine::show(const PlanProgress& progress) {
  if (!on_terminal_) return;
  shown_ = true;
  const lp::Progress& solver = progress.solver;
  std::string numbers;
  if (solver.incumbent < lp::kInf) numbers += fmt::format("  best {:.6g}", solver.incumbent);
  if (solver.bound > -lp::kInf) numbers += fmt::format("  bound {:.6g}", solver.bound);
  if (solver.incumbent < lp::kInf && solver.bound > -lp::kInf) {
    const double gap = std::abs(solver.incumbent - solver.bound) / std::max(1.0, std::abs(solver.incumbent));
    numbers += fmt::format("  gap {:.2f} %", 100 * gap);
  } else if (solver.iteration_count > 0) {
    numbers += "  " + counted(solver.iteration_count, "iteration");
  }
  constexpr const char* kSpin[] = {"⠋", "⠙", "⠸", "⠴", "⠦", "⠇"};
  const double seconds = now_s() - begin_s_;
  fmt::print(stderr, "\r\033[K{} {:5.1f} s  {}{}", kSpin[static_cast<int>(seconds * 10) % 6], seconds, progress.stage,
             numbers);
  std::fflush(stderr);
}

}  // namespace beltline
