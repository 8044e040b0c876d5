#include "lp/highs.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <memory>
#include <mutex>

#include <interfaces/highs_c_api.h>

#include "base/assert.h"
#include "lp/scaling.h"

namespace beltline::lp {
namespace {

static_assert(sizeof(HighsInt) == sizeof(int32_t), "the problem's arrays are passed as they are");

using Highs = std::unique_ptr<void, decltype(&Highs_destroy)>;

Highs make_highs() {
  Highs highs(Highs_create(), &Highs_destroy);
  Highs_setBoolOptionValue(highs.get(), "output_flag", 0);
  return highs;
}

/// The diagonal Hessian, a column at a time; columns without one stay empty.
void pass_quadratic(void* highs, const Problem& problem) {
  std::vector<HighsInt> start, index;
  std::vector<double> value;
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    start.push_back(static_cast<HighsInt>(value.size()));
    if (problem.quadratic[j] == 0) continue;
    index.push_back(static_cast<HighsInt>(j));
    value.push_back(problem.quadratic[j]);
  }
  const HighsInt status =
      Highs_passHessian(highs, static_cast<HighsInt>(problem.column_count()), static_cast<HighsInt>(value.size()),
                        kHighsHessianFormatTriangular, start.data(), index.data(), value.data());
  ASSERT(status != kHighsStatusError);
}

void pass_problem(void* highs, const Problem& problem) {
  const std::vector<HighsInt> integrality(problem.integer.begin(), problem.integer.end());
  const HighsInt status =
      Highs_passModel(highs, static_cast<HighsInt>(problem.column_count()), static_cast<HighsInt>(problem.row_count()),
                      static_cast<HighsInt>(problem.nonzero_count()), 0, kHighsMatrixFormatColwise,
                      kHighsHessianFormatTriangular, kHighsObjSenseMinimize, problem.offset, problem.cost.data(),
                      problem.column_lower.data(), problem.column_upper.data(), problem.row_lower.data(),
                      problem.row_upper.data(), problem.start.data(), problem.index.data(), problem.value.data(),
                      nullptr, nullptr, nullptr, problem.has_integers() ? integrality.data() : nullptr);
  ASSERT(status != kHighsStatusError);
  if (problem.is_quadratic()) pass_quadratic(highs, problem);
}

/// The first of HiGHS's solvers that is there: HiPO needs its library beside the program.
const char* set_solver(void* highs, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (Highs_setStringOptionValue(highs, "solver", name) == kHighsStatusOk) return name;
  }
  return "choose";
}

/// HiGHS's solver for the method and the kind of problem; returns what to call it.
std::string set_method(void* highs, bool mip, bool quadratic, Method method) {
  if (mip) return to_string(Method::branch_and_bound);
  if (quadratic) {
    if (is_interior(method)) {
      const std::string name = set_solver(highs, {"hipo", "qpasm"});
      return name == "hipo" ? "interior point (hipo)" : to_string(Method::active_set);
    }
    set_solver(highs, {"qpasm"});
    return to_string(Method::active_set);
  }
  switch (method) {
    case Method::ipx: return std::string("interior point (") + set_solver(highs, {"ipx"}) + ")";
    case Method::hipo:
    case Method::interior_point: return std::string("interior point (") + set_solver(highs, {"hipo", "ipx"}) + ")";
    default: set_solver(highs, {"simplex"}); return to_string(Method::simplex);
  }
}

void set_options(void* highs, const Options& options) {
  auto set_double = [&](const char* name, double value) { Highs_setDoubleOptionValue(highs, name, value); };
  auto set_string = [&](const char* name, const char* value) { Highs_setStringOptionValue(highs, name, value); };
  Highs_setIntOptionValue(highs, "threads", options.thread_count);
  set_string("parallel", options.thread_count > 1 ? "choose" : "off");
  Highs_setIntOptionValue(highs, "random_seed",
                          static_cast<HighsInt>((options.seed ^ options.seed >> 31) & 0x7fffffff));
  set_double("time_limit", std::max(0.0, options.wall_time_max_s));
  set_double("mip_rel_gap", options.mip_gap_max);
  set_double("primal_feasibility_tolerance", options.feasibility_tolerance);
  set_double("dual_feasibility_tolerance", options.feasibility_tolerance);
  set_double("mip_min_logging_interval", 0.1);  // our progress; nothing is printed
  set_string("presolve", options.presolve ? "choose" : "off");
  set_double("mip_feasibility_tolerance", options.integrality_tolerance);
  set_string("run_crossover", options.crossover ? "on" : "off");
}

/// Sizes of the coefficients before and after scaling, for the report.
CoefficientRange coefficient_range(const Problem& problem, const Problem& scaled) {
  CoefficientRange out;
  const auto range = [](const std::vector<double>& values, double& least, double& most) {
    for (const double value : values) {
      const double size = std::abs(value);
      if (size == 0) continue;
      least = least == 0 ? size : std::min(least, size);
      most = std::max(most, size);
    }
  };
  range(problem.value, out.least, out.most);
  range(scaled.value, out.scaled_least, out.scaled_most);
  return out;
}

template <class Values>
void multiply(Values&& values, const std::vector<double>& factors) {
  for (std::size_t i = 0; i < factors.size(); ++i) values[i] *= factors[i];
}

template <class Values>
void divide(Values&& values, const std::vector<double>& factors) {
  for (std::size_t i = 0; i < factors.size(); ++i) values[i] /= factors[i];
}

/// State of the callbacks, which may come from several of HiGHS's threads.
struct Listener {
  Mailbox& mailbox;
  const Scaling& scaling;
  bool mip = false;
  std::mutex incumbent_mutex;
};

/// Better incumbents as they are found: what is left if the child has to be killed.
void take_incumbent(Listener& listener, const HighsCallbackDataOut& out) {
  const std::size_t column_count = listener.mailbox.x().size();
  if (out.mip_solution == nullptr || static_cast<std::size_t>(out.mip_solution_size) != column_count) return;
  const std::lock_guard lock(listener.incumbent_mutex);
  if (out.objective_function_value >= listener.mailbox.board().incumbent) return;
  std::vector<double> x(out.mip_solution, out.mip_solution + column_count);
  multiply(x, listener.scaling.column);
  listener.mailbox.publish_incumbent({x.data(), column_count});
  listener.mailbox.board().incumbent = out.objective_function_value;
}

void on_callback(int type, const char*, const HighsCallbackDataOut* out, HighsCallbackDataIn* in, void* user) {
  auto& listener = *static_cast<Listener*>(user);
  Mailbox::Board& board = listener.mailbox.board();
  const bool mip_report = type == kHighsCallbackMipLogging || type == kHighsCallbackMipInterrupt;
  if (type == kHighsCallbackMipImprovingSolution) take_incumbent(listener, *out);
  if (mip_report) {
    board.node_count = out->mip_node_count;
    board.iteration_count = out->mip_total_lp_iterations;
    if (out->mip_dual_bound > board.bound && out->mip_dual_bound < kInf) board.bound = out->mip_dual_bound;
  } else if (!listener.mip) {
    board.iteration_count = std::max<int64_t>(out->simplex_iteration_count, out->ipm_iteration_count);
  }
  if (in != nullptr && board.cancel) in->user_interrupt = 1;
}

void listen(void* highs, Listener& listener) {
  Highs_setCallback(highs, &on_callback, &listener);
  for (HighsInt type : {kHighsCallbackMipImprovingSolution, kHighsCallbackMipLogging, kHighsCallbackMipInterrupt,
                        kHighsCallbackSimplexInterrupt, kHighsCallbackIpmInterrupt}) {
    Highs_startCallback(highs, type);
  }
}

void stop_listening(void* highs) {
  for (HighsInt type : {kHighsCallbackMipImprovingSolution, kHighsCallbackMipLogging, kHighsCallbackMipInterrupt,
                        kHighsCallbackSimplexInterrupt, kHighsCallbackIpmInterrupt}) {
    Highs_stopCallback(highs, type);
  }
}

Claim claim_of(HighsInt model_status) {
  if (model_status == kHighsModelStatusOptimal || model_status == kHighsModelStatusModelEmpty) return Claim::optimal;
  if (model_status == kHighsModelStatusInfeasible) return Claim::infeasible;
  if (model_status == kHighsModelStatusUnbounded) return Claim::unbounded;
  if (model_status == kHighsModelStatusUnboundedOrInfeasible) return Claim::infeasible_or_unbounded;
  if (model_status == kHighsModelStatusTimeLimit) return Claim::limit;
  if (model_status == kHighsModelStatusInterrupt) return Claim::interrupted;
  return Claim::none;
}

int64_t int_info(void* highs, const char* name) {
  HighsInt value = 0;
  Highs_getIntInfoValue(highs, name, &value);
  return std::max<int64_t>(value, 0);
}

static_assert(static_cast<int>(Basis::at_lower) == kHighsBasisStatusLower &&
              static_cast<int>(Basis::basic) == kHighsBasisStatusBasic &&
              static_cast<int>(Basis::at_upper) == kHighsBasisStatusUpper &&
              static_cast<int>(Basis::free) == kHighsBasisStatusZero &&
              static_cast<int>(Basis::nonbasic) == kHighsBasisStatusNonbasic);

/// The vertex, as a later solve may begin from it.
void post_basis(void* highs, Mailbox& mailbox) {
  HighsInt validity = kHighsBasisValidityInvalid;
  Highs_getIntInfoValue(highs, "basis_validity", &validity);
  if (validity != kHighsBasisValidityValid) return;
  std::vector<HighsInt> column(mailbox.column_basis().size()), row(mailbox.row_basis().size());
  if (Highs_getBasis(highs, column.data(), row.data()) == kHighsStatusError) return;
  std::ranges::transform(column, mailbox.column_basis().begin(), [](HighsInt s) { return static_cast<uint8_t>(s); });
  std::ranges::transform(row, mailbox.row_basis().begin(), [](HighsInt s) { return static_cast<uint8_t>(s); });
  mailbox.board().has_basis = true;
}

/// Point, duals and counts into the mailbox; `claimed` last.
void post_result(void* highs, const Scaling& scaling, Mailbox& mailbox, bool mip) {
  Mailbox::Board& board = mailbox.board();
  const HighsInt model_status = Highs_getModelStatus(highs);
  HighsInt primal_status = kHighsSolutionStatusNone;
  HighsInt dual_status = kHighsSolutionStatusNone;
  Highs_getIntInfoValue(highs, "primal_solution_status", &primal_status);
  Highs_getIntInfoValue(highs, "dual_solution_status", &dual_status);
  Highs_getSolution(highs, mailbox.x().data(), mailbox.column_dual().data(), nullptr, mailbox.row_dual().data());
  multiply(mailbox.x(), scaling.column);
  divide(mailbox.column_dual(), scaling.column);
  multiply(mailbox.row_dual(), scaling.row);
  board.has_point = primal_status != kHighsSolutionStatusNone;
  board.has_duals = !mip && dual_status != kHighsSolutionStatusNone;
  if (mip) {
    Highs_getDoubleInfoValue(highs, "mip_dual_bound", &board.final_bound);
    int64_t node_count = 0;
    Highs_getInt64InfoValue(highs, "mip_node_count", &node_count);
    board.node_count = std::max<int64_t>(node_count, 0);
  } else {
    board.iteration_count = int_info(highs, "simplex_iteration_count") + int_info(highs, "ipm_iteration_count") +
                            int_info(highs, "crossover_iteration_count") + int_info(highs, "pdlp_iteration_count");
  }
  if (!mip) post_basis(highs, mailbox);
  if (claim_of(model_status) == Claim::none) {
    mailbox.set_detail(("the solver ended with model status " + std::to_string(model_status)).c_str());
  }
  board.claim = claim_of(model_status);
  board.claimed = true;
}

/// Rays, which may cost another LP: asked for after the claim is safe.
void post_rays(void* highs, const Scaling& scaling, Mailbox& mailbox) {
  Mailbox::Board& board = mailbox.board();
  HighsInt found = 0;
  if (board.claim == Claim::infeasible || board.claim == Claim::infeasible_or_unbounded) {
    const HighsInt status = Highs_getDualRay(highs, &found, mailbox.dual_ray().data());
    multiply(mailbox.dual_ray(), scaling.row);
    board.has_dual_ray = status != kHighsStatusError && found != 0;
  }
  if (board.claim == Claim::unbounded || board.claim == Claim::infeasible_or_unbounded) {
    const HighsInt status = Highs_getPrimalRay(highs, &found, mailbox.primal_ray().data());
    multiply(mailbox.primal_ray(), scaling.column);
    board.has_primal_ray = status != kHighsStatusError && found != 0;
  }
}

}  // namespace

const char* version() {
  static const std::string text = std::string("HiGHS ") + Highs_version();
  return text.c_str();
}

struct LoadedHighs::State {
  Highs highs = make_highs();
  bool mip = false;
  bool quadratic = false;
  std::size_t column_count = 0;
  std::size_t row_count = 0;
  Scaling scaling;
  CoefficientRange range;
};

LoadedHighs::LoadedHighs(const Problem& problem) : state_(std::make_unique<State>()) {
  state_->mip = problem.has_integers();
  state_->quadratic = problem.is_quadratic();
  state_->column_count = problem.column_count();
  state_->row_count = problem.row_count();
  state_->scaling = make_scaling(problem);
  const Problem given = scaled(problem, state_->scaling);
  state_->range = coefficient_range(problem, given);
  pass_problem(state_->highs.get(), given);
}

LoadedHighs::~LoadedHighs() = default;

void LoadedHighs::set_row_bounds(int32_t row, double lower, double upper) {
  const double scale = state_->scaling.row[static_cast<std::size_t>(row)];
  Highs_changeRowBounds(state_->highs.get(), row, lower * scale, upper * scale);
}

void LoadedHighs::set_column_bounds(int32_t column, double lower, double upper) {
  const double scale = state_->scaling.column[static_cast<std::size_t>(column)];
  Highs_changeColBounds(state_->highs.get(), column, lower / scale, upper / scale);
}

void LoadedHighs::set_cost(int32_t column, double cost) {
  Highs_changeColCost(state_->highs.get(), column, cost * state_->scaling.column[static_cast<std::size_t>(column)]);
}

void LoadedHighs::solve(const Options& options, Mailbox& mailbox) {
  void* highs = state_->highs.get();
  const Scaling& scaling = state_->scaling;
  Listener listener{.mailbox = mailbox, .scaling = scaling, .mip = state_->mip, .incumbent_mutex = {}};
  Highs_zeroAllClocks(highs);  // the time limit is for this solve alone
  set_options(highs, options);
  mailbox.set_method(set_method(highs, state_->mip, state_->quadratic, options.method).c_str());
  mailbox.board().coefficients = state_->range;
  if (state_->mip && !options.start.empty()) {
    std::vector<double> start = options.start;
    divide(start, scaling.column);
    Highs_setSolution(highs, start.data(), nullptr, nullptr, nullptr);
  }
  if (!state_->mip && options.start_column_basis.size() == state_->column_count &&
      options.start_row_basis.size() == state_->row_count) {
    const auto statuses = [](const std::vector<Basis>& basis) {
      std::vector<HighsInt> out(basis.size());
      std::ranges::transform(basis, out.begin(), [](Basis b) { return static_cast<HighsInt>(b); });
      return out;
    };
    // a basis is kept only without presolve
    Highs_setStringOptionValue(highs, "presolve", "off");
    Highs_setBasis(highs, statuses(options.start_column_basis).data(), statuses(options.start_row_basis).data());
  }
  listen(highs, listener);
  Highs_run(highs);
  post_result(highs, scaling, mailbox, state_->mip);
  stop_listening(highs);
  if (!state_->mip) post_rays(highs, scaling, mailbox);
}

void run_highs(const Problem& problem, const Options& options, Mailbox& mailbox) {
  LoadedHighs(problem).solve(options, mailbox);
}

}  // namespace beltline::lp
