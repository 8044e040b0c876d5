#include "model/explanation.h"

namespace beltline {

const char* to_string(WorthKind kind) {
  switch (kind) {
    case WorthKind::capacity: return "capacity";
    case WorthKind::build_rate: return "build_rate";
    case WorthKind::build_total: return "build_total";
    case WorthKind::limit: return "limit";
    case WorthKind::commitment: return "commitment";
    case WorthKind::supply: return "supply";
    case WorthKind::must_run: return "must_run";
    case WorthKind::store: return "store";
  }
  return "?";
}

const char* to_string(StepKind kind) {
  switch (kind) {
    case StepKind::good: return "good";
    case StepKind::online: return "online";
    case StepKind::order: return "order";
    case StepKind::run: return "run";
    case StepKind::move: return "move";
    case StepKind::hold: return "hold";
    case StepKind::limit: return "limit";
    case StepKind::commitment: return "commitment";
    case StepKind::given: return "given";
    case StepKind::too_early: return "too_early";
    case StepKind::too_late: return "too_late";
    case StepKind::supply: return "supply";
    case StepKind::build_rate: return "build_rate";
    case StepKind::build_total: return "build_total";
    case StepKind::cost: return "cost";
    case StepKind::whole_modules: return "whole_modules";
    case StepKind::no_source: return "no_source";
  }
  return "?";
}

bool is_cause(StepKind kind) {
  return kind >= StepKind::limit;
}

const char* to_string(DeliveryKind kind) {
  switch (kind) {
    case DeliveryKind::limit: return "limit";
    case DeliveryKind::demand: return "demand";
    case DeliveryKind::commitment: return "commitment";
  }
  return "?";
}

}  // namespace beltline
