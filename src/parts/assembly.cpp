#include "parts/assembly.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic_codes.h"
#include "parts/bill.h"
#include "parts/common.h"
#include "parts/goods.h"
#include "parts/network_names.h"
#include "parts/phases.h"

namespace beltline {
namespace {

constexpr Attribute kAttributes[] = {
    {.key = "makes", .kind = Kind::reference, .target = "item", .required = true, .description = "What it puts out."},
    {.key = "place",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "Where it is put together; parts are taken here."},
    {.key = "owner", .kind = Kind::reference, .target = "party", .description = "Who does it."},
    {.key = "parts",
     .kind = Kind::records,
     .required = true,
     .fields = kPartFields,
     .description = "What one takes, each begun one whether good or not."},
    {.key = "capacity",
     .kind = Kind::series,
     .unit = "*",
     .min = 0,
     .description = "Most that is begun a month. Absent: no limit."},
    {.key = "yield",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .is_yield = true,
     .description = "Good ones over those begun."},
    {.key = "cost", .kind = Kind::series, .unit = "*", .min = 0, .description = "Work on one, besides its parts; USD."},
    {.key = "lead",
     .kind = Kind::duration,
     .fallback = "\"0 month\"",
     .description = "From parts to a tested item, at the place of delivery."},
    {.key = "delivers_to",
     .kind = Kind::reference,
     .target = "place",
     .description = "Where the item is then. Default: `place`."},
};

/// The items of a loop, if items are parts of each other: "tray > board > tray". A walk in depth with the path at hand.
class LoopFinder {
 public:
  explicit LoopFinder(const Spec& spec) : spec_(spec) {}

  /// Reports each loop once, at the assembly that closes it.
  void report(const Compile& c) {
    for (const Entry& item : spec_.entries("item")) walk(c, item.name);
  }

 private:
  void walk(const Compile& c, const std::string& item) {
    if (!seen_.insert(item).second) return;
    path_.push_back(item);
    for (const Entry& assembly : spec_.entries("assembly")) {
      if (assembly.text("makes") != item) continue;
      for (const Entry& part : assembly.records("parts")) {
        if (!part.has("item")) continue;
        const auto again = std::ranges::find(path_, part.text("item"));
        if (again == path_.end()) {
          walk(c, part.text("item"));
        } else {
          tell(c, part, std::vector<std::string>(again, path_.end()));
        }
      }
    }
    path_.pop_back();
  }

  void tell(const Compile& c, const Entry& part, const std::vector<std::string>& loop) {
    std::string names;
    for (const std::string& item : loop) names += item + " > ";
    names += loop.front();
    c.diagnostics.add({.code = Code::bill_loop,
                       .origin = part.where("item"),
                       .message = "item '" + loop.front() + "' is a part of itself",
                       .found = names,
                       .expected = "parts that are made before what they are parts of",
                       .help = "leave this part out, or make it by another way"});
  }

  const Spec& spec_;
  std::set<std::string> seen_;
  std::vector<std::string> path_;
};

void compile_assembly(const Compile& c, const Entry& assembly) {
  const CommodityId commodity = c.builder.find_commodity(item_commodity(assembly.text("makes")));
  if (!commodity.valid()) return;
  const Good good{.commodity = commodity,
                  .name = assembly.text("makes"),
                  .unit = c.builder.model().commodities[commodity.index()].unit};
  const PlaceId place = place_of(c, assembly, "place");
  const PlaceId to = assembly.has("delivers_to") ? place_of(c, assembly, "delivers_to") : place;
  const std::vector<Input> inputs = add_bill(c, assembly, "parts", place, false);
  Process process;
  process.name = "make_" + assembly.name + "@" + assembly.text("place");
  if (is_process_taken(c, assembly, process.name)) return;
  process.place = place;
  process.owner = party_of(c, assembly, "owner");
  process.grain = Grain::amount;
  process.unit = good.unit;
  process.kind = "assembly";
  for (const Input& input : inputs) {
    process.flows.push_back({.commodity = input.commodity, .place = place, .rate = c.builder.by_period([&](int t) {
                               return -c.builder.model().at(input.rate, t);
                             })});
  }
  process.flows.push_back({.commodity = commodity,
                           .place = to,
                           .rate = level_series(c, assembly.series("yield")),
                           .lag = lead_periods(c, assembly, "lead")});
  process.upper = amounts_of(c, assembly, "capacity", good);
  process.cost = price_of(c, assembly, "cost", good);
  process.provenance = provenance(assembly);
  const PartyId owner = process.owner;
  const ProcessId id = c.builder.add(std::move(process));
  add_stock(c, good, to, assembly);
  add_measure(c, assembly, place, owner,
              {.table = "supply",
               .name = "made_" + assembly.name,
               .unit = good.unit,
               .kind = TermKind::activity,
               .id = id.value});
}

}  // namespace

constinit const Section kAssemblySection = {
    .name = "assembly",
    .title = "Assembly",
    .description =
        "Parts become an item, which may be a part itself:\n\n"
        "    begun[t] ≤ capacity[t]\n"
        "    item[t + lead] = begun[t] · yield[t]\n\n"
        "Parts, alternates and engineering changes as in a `bill`. No item may be a part of itself, however many "
        "assemblies lie between.",
    .attributes = kAttributes,
};

void compile_assemblies(const Compile& c) {
  LoopFinder(c.spec).report(c);
  for (const Entry& assembly : c.spec.entries("assembly")) compile_assembly(c, assembly);
}

}  // namespace beltline
