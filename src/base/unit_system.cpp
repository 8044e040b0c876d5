#include "base/unit_system.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>
#include <vector>

#include <udunits2.h>

#include "base/assert.h"

// What UDUNITS-2 calls in place of malloc and its kin where its archive is linked in (cmake/FindUdunits2.cmake): the
// library does not look at a null pointer everywhere.
extern "C" {
void* beltline_udunits_malloc(std::size_t size);
void* beltline_udunits_calloc(std::size_t count, std::size_t size);
void* beltline_udunits_realloc(void* old, std::size_t size);
char* beltline_udunits_strdup(const char* text);
}

namespace beltline {
namespace {

[[noreturn]] void throw_no_memory() {
  if (const std::new_handler handler = std::get_new_handler()) handler();
  throw std::bad_alloc();
}

template <class Pointer>
Pointer or_throw(Pointer memory, bool wanted = true) {
  if (memory == nullptr && wanted) throw_no_memory();
  return memory;
}

/// The rest, such as what tsearch could not get, the library reports as a fault of the system.
void throw_if_out_of_memory() {
  if (ut_get_status() == UT_OS) throw_no_memory();
}

/// Base units of our own, each with the plural it may be written in. `symbol` ones take prefixes and mind the case.
struct OwnBase {
  const char* name;
  const char* plural;
  bool is_symbol;
};
constexpr std::array kOwnBases{
    OwnBase{"wafer", "wafers", false},
    OwnBase{"die", "dies", false},
    OwnBase{"stack", "stacks", false},
    OwnBase{"package", "packages", false},
    OwnBase{"accelerator", "accelerators", false},
    OwnBase{"rack", "racks", false},
    OwnBase{"hull", "hulls", false},
    OwnBase{"token", "tokens", false},
    OwnBase{"seat", "seats", false},
    OwnBase{"person", "persons", false},
    OwnBase{"ticket", "tickets", false},
    OwnBase{"month", "months", false},
    OwnBase{"unit", "units", false},
    OwnBase{"module", "modules", false},
    OwnBase{"slot", "slots", false},
    OwnBase{"request", "requests", false},
    OwnBase{"USD", nullptr, true},
    OwnBase{"FLOP", nullptr, true},
    OwnBase{"byte", "bytes", false},
    OwnBase{"kgCOtwo", nullptr, true},
};

/// Further names, each in terms of what stands above it.
struct OwnName {
  const char* name;
  const char* definition;
  bool is_symbol;
};
constexpr std::array kOwnNames{
    OwnName{"year", "12 month", false},
    OwnName{"years", "12 month", false},
    OwnName{"yr", "12 month", true},
    OwnName{"yrs", "12 month", true},
    OwnName{"quarter", "3 month", false},
    OwnName{"quarters", "3 month", false},
    OwnName{"weeks", "7 day", false},
    OwnName{"people", "person", false},
    OwnName{"FTE", "person", true},
    OwnName{"GPU", "accelerator", true},
    OwnName{"GPUs", "accelerator", true},
    OwnName{"wspm", "wafer/month", true},
    OwnName{"tok", "token", true},
    OwnName{"Tok", "token", true},
    OwnName{"FLOPS", "FLOP/s", true},
    OwnName{"gCOtwo", "0.001 kgCOtwo", true},
    OwnName{"tCOtwo", "1000 kgCOtwo", true},
    OwnName{"Wh", "3600 J", true},
    OwnName{"VA", "W", true},
    OwnName{"MMBtu", "1055055852.62 J", true},
    OwnName{"pyeong", "3.305785 m^2", false},
    OwnName{"nmi", "1852 m", true},
    OwnName{"bit", "0.125 byte", false},
    OwnName{"bits", "0.125 byte", false},
    OwnName{"kB", "1e3 byte", true},
    OwnName{"MB", "1e6 byte", true},
    OwnName{"GB", "1e9 byte", true},
    OwnName{"TB", "1e12 byte", true},
    OwnName{"PB", "1e15 byte", true},
    OwnName{"EB", "1e18 byte", true},
    OwnName{"KiB", "1024 byte", true},
    OwnName{"MiB", "1048576 byte", true},
    OwnName{"GiB", "1073741824 byte", true},
    OwnName{"TiB", "1099511627776 byte", true},
    OwnName{"PiB", "1125899906842624 byte", true},
};

// what UDUNITS means by these is not what a plan means: its month is a twelfth of a tropical year, its byte a number
constexpr std::array kUnmapped{"month", "months", "year", "years", "byte", "bytes", "bit", "bits", "octet", "octets"};

using UnitPointer = std::unique_ptr<ut_unit, decltype(&ut_free)>;
UnitPointer own(ut_unit* unit) {
  return {unit, &ut_free};
}

ut_system* read_system() {
  ut_set_error_message_handler(ut_ignore);
  errno = 0;
  ut_system* const system = ut_read_xml(nullptr);
  // the XML reader's lack of memory comes out as a fault of the text
  if (system == nullptr && errno == ENOMEM) throw_no_memory();
  if (system == nullptr) throw Bug("the unit database of UDUNITS-2 cannot be read: is libudunits2 installed whole?");
  for (const char* name : kUnmapped) ut_unmap_name_to_unit(system, name, UT_ASCII);
  for (const char* symbol : {"yr", "b", "B"}) ut_unmap_symbol_to_unit(system, symbol, UT_ASCII);

  const auto map = [&](const char* name, const ut_unit* unit, bool is_symbol) {
    const ut_status status =
        is_symbol ? ut_map_symbol_to_unit(name, UT_ASCII, unit) : ut_map_name_to_unit(name, UT_ASCII, unit);
    throw_if_out_of_memory();
    if (status != UT_SUCCESS) throw Bug(std::string("unit name is taken in UDUNITS-2: ") + name);
  };
  for (const OwnBase& base : kOwnBases) {
    const UnitPointer unit = own(ut_new_base_unit(system));
    map(base.name, unit.get(), base.is_symbol);
    if (base.plural != nullptr) map(base.plural, unit.get(), base.is_symbol);
    ut_map_unit_to_name(unit.get(), base.name, UT_ASCII);
  }
  for (const OwnName& name : kOwnNames) {
    const UnitPointer unit = own(ut_parse(system, name.definition, UT_ASCII));
    throw_if_out_of_memory();
    if (unit == nullptr) throw Bug(std::string("own unit does not parse: ") + name.definition);
    // a name that UDUNITS has already (weeks, say) may stay as it is
    if (own(ut_parse(system, name.name, UT_ASCII)) != nullptr) {
      if (name.is_symbol)
        ut_unmap_symbol_to_unit(system, name.name, UT_ASCII);
      else
        ut_unmap_name_to_unit(system, name.name, UT_ASCII);
    }
    map(name.name, unit.get(), name.is_symbol);
  }
  return system;
}

/// What the visitor gathers; `supported` is false for logarithms and dates.
struct Gathered {
  UnitParts parts;
  bool supported = true;
};

void gather_basic(const ut_unit* basic, int power, Gathered& to) {
  if (power == 0 || ut_is_dimensionless(basic) != 0) return;  // the radian
  const char* name = ut_get_name(basic, UT_ASCII);
  ASSERT(name != nullptr);
  to.parts.powers[name] += power;
}

ut_status visit_basic(const ut_unit* unit, void* to) {
  gather_basic(unit, 1, *static_cast<Gathered*>(to));
  return UT_SUCCESS;
}
ut_status visit_product(const ut_unit*, int count, const ut_unit* const* basics, const int* powers, void* to) {
  for (int i = 0; i < count; ++i) gather_basic(basics[i], powers[i], *static_cast<Gathered*>(to));
  return UT_SUCCESS;
}
ut_status visit_galilean(const ut_unit*, double scale, const ut_unit* underlying, double offset, void* to);
ut_status visit_timestamp(const ut_unit*, const ut_unit*, double, void* to) {
  static_cast<Gathered*>(to)->supported = false;
  return UT_SUCCESS;
}
ut_status visit_logarithm(const ut_unit*, double, const ut_unit*, void* to) {
  static_cast<Gathered*>(to)->supported = false;
  return UT_SUCCESS;
}
const ut_visitor kVisitor{visit_basic, visit_product, visit_galilean, visit_timestamp, visit_logarithm};

ut_status visit_galilean(const ut_unit*, double scale, const ut_unit* underlying, double offset, void* to) {
  auto& gathered = *static_cast<Gathered*>(to);
  gathered.parts.offset += offset / gathered.parts.factor;
  gathered.parts.factor *= scale;
  return ut_accept_visitor(underlying, &kVisitor, to);
}

std::shared_ptr<const UnitParts> parse(ut_system* system, const std::string& canonical) {
  const UnitPointer unit = own(ut_parse(system, canonical.c_str(), UT_UTF8));
  throw_if_out_of_memory();  // not a unit that nobody knows
  if (unit == nullptr) return nullptr;
  Gathered gathered;
  if (ut_accept_visitor(unit.get(), &kVisitor, &gathered) != UT_SUCCESS || !gathered.supported) return nullptr;
  if (!std::isnormal(gathered.parts.factor) || !std::isfinite(gathered.parts.offset)) return nullptr;
  std::erase_if(gathered.parts.powers, [](const auto& power) { return power.second == 0; });
  return std::make_shared<const UnitParts>(std::move(gathered.parts));
}

}  // namespace

std::shared_ptr<const UnitParts> unit_parts(const std::string& canonical) {
  // UDUNITS' parser keeps its state in globals, so one thread at a time
  static std::mutex mutex;
  static std::unordered_map<std::string, std::shared_ptr<const UnitParts>> known;
  const std::lock_guard lock(mutex);
  static ut_system* const system = read_system();
  if (const auto found = known.find(canonical); found != known.end()) return found->second;
  if (known.size() > 4096) known.clear();
  return known.emplace(canonical, parse(system, canonical)).first->second;
}

std::span<const std::string> common_unit_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{
        "W",    "kW",    "MW",     "GW",     "TW",    "Wh",    "kWh",     "MWh",  "GWh", "TWh", "V",   "kV",   "A",
        "MVA",  "m",     "mm",     "cm",     "km",    "m2",    "m3",      "g",    "kg",  "t",   "h",   "hour", "hours",
        "day",  "days",  "week",   "minute", "s",     "K",     "degC",    "Hz",   "J",   "GJ",  "USD", "kUSD", "MUSD",
        "tCO2", "kgCO2", "Mtoken", "Gtoken", "PFLOP", "EFLOP", "percent", "knot", "L",   "ha"};
    for (const OwnBase& base : kOwnBases) {
      if (std::string_view(base.name).find("COtwo") != std::string_view::npos) continue;
      all.emplace_back(base.name);
      if (base.plural != nullptr) all.emplace_back(base.plural);
    }
    for (const OwnName& name : kOwnNames) {
      if (std::string_view(name.name).find("COtwo") == std::string_view::npos) all.emplace_back(name.name);
    }
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
  }();
  return names;
}

}  // namespace beltline

void* beltline_udunits_malloc(std::size_t size) {
  return beltline::or_throw(std::malloc(size), size > 0);
}

void* beltline_udunits_calloc(std::size_t count, std::size_t size) {
  return beltline::or_throw(std::calloc(count, size), count > 0 && size > 0);
}

void* beltline_udunits_realloc(void* old, std::size_t size) {
  return beltline::or_throw(std::realloc(old, size), size > 0);
}

char* beltline_udunits_strdup(const char* text) {
  return beltline::or_throw(strdup(text));
}
