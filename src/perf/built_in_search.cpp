#include "perf/built_in_search.h"

#include <map>
#include <mutex>
#include <tuple>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::perf {

namespace {

constexpr std::size_t kKeptMax = 64;  // a search holds about half a megabyte

using Key = std::tuple<std::string, std::string, int, std::string>;
using Made = std::expected<std::shared_ptr<const RackSearch>, Diagnostics>;

/// What pure functions said before, for all threads.
struct Kept {
  std::mutex mutex;
  std::map<Key, std::shared_ptr<const RackSearch>> searches;
};

Kept& kept() {
  static Kept the_kept;
  return the_kept;
}

void add_unknown(Diagnostics& out, std::string message, const std::string& name, std::string expected,
                 std::string help) {
  out.add({.code = Code::dangling_reference,
           .message = std::move(message),
           .found = printable(name),
           .expected = std::move(expected),
           .help = std::move(help)});
}

Made make(const std::string& model, const std::string& rack, std::optional<Precision> precision,
          const std::string& engine) {
  Diagnostics faults;
  const auto known_model = find_model(model);
  if (!known_model) {
    const std::string nearest = nearest_model(model);
    const std::vector<std::string> all = model_names();
    add_unknown(faults, fmt::format("no model '{}' is known", printable(model)), model, "the name of a model",
                nearest.empty() ? "known are " + listing(all, all.size()) : did_you_mean_text(nearest));
  }
  const auto known_rack = find_rack(rack);
  if (!known_rack) {
    NameFault fault = rack_name_fault(rack);
    add_unknown(faults, std::move(fault.message), rack, "the name of a rack, a server or an accelerator",
                std::move(fault.help));
  }
  if (faults.has_errors()) return std::unexpected(std::move(faults));
  auto search = RackSearch::make(*known_model, *known_rack, {.precision = precision, .engine = engine});
  if (!search) return std::unexpected(std::move(search.error()));
  return std::make_shared<const RackSearch>(std::move(*search));
}

}  // namespace

Made built_in_search(const std::string& model, const std::string& rack, std::optional<Precision> precision,
                     const std::string& engine) {
  const Key key{model, rack, precision ? static_cast<int>(*precision) : -1, engine};
  Kept& all = kept();
  {
    const std::scoped_lock lock(all.mutex);
    if (const auto found = all.searches.find(key); found != all.searches.end()) return found->second;
  }
  Made made = make(model, rack, precision, engine);
  if (!made) return made;
  const std::scoped_lock lock(all.mutex);
  if (all.searches.size() >= kKeptMax) all.searches.clear();
  return all.searches.try_emplace(key, std::move(*made)).first->second;
}

}  // namespace beltline::perf
