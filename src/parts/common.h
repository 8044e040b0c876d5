// What several parts share: the commodities of the chain from wafer to token, and how scenario values become model
// values.
#pragma once

#include <string>
#include <string_view>

#include "parts/part.h"

namespace beltline {

/// The domain's commodities; `{}` stands for an entry's name. One place, so that parts agree on unit and grain.
///
/// | name              | unit        | grain  | surplus    | what it is |
/// | electricity       | MW          | rate   | no         | power at a site or a grid region |
/// | compute           | PFLOP/s     | rate   | disposable | useful dense FP8 throughput that reaches a service region |
/// | compute_{rack}    | PFLOP/s     | rate   | disposable | of it, what racks of one generation put out; for inference |
/// | token             | Mtoken/s    | rate   | no         | tokens served, output-equivalent: none that nobody asked for |
/// | it_space          | MW          | amount | disposable | IT load that halls and hulls of a site can house |
/// | die_{product}     | die         | amount | no         | known good dies |
/// | base_die_{b}      | die         | amount | no         | good logic dies that HBM stacks stand on |
/// | dram_{product}    | TB          | amount | no         | host memory (DDR5, LPDDR5X, GDDR7) |
/// | stack_{stack}     | stack       | amount | no         | tested HBM stacks |
/// | accelerator_{a}   | accelerator | amount | no         | packaged accelerators |
/// | rack_{rack}       | rack        | amount | no         | racks, delivered, not yet installed |
/// | dock_slot         | 1           | amount | disposable | dock months of a yard |
/// | equipment_{e}     | MW          | amount | no         | transformers, switchgear, chillers, … by MW of IT they serve |
/// | technician        | person      | amount | disposable | people who can operate a hall, present in the period |
/// | seat              | seat        | amount | disposable | seats served in the period |
/// | emission          | tCO2        | amount | disposable | what plants and grid emit |
CommodityId ensure_commodity(const Compile& c, std::string_view family, std::string_view entry = {});
/// The commodity of this name as the table has it ("electricity", "die_hbm4"), or none.
std::optional<Commodity> domain_commodity(std::string_view name);
/// Whether the table has it without an entry's name ("electricity"): any section may use it without declaring it.
bool is_shared_commodity(std::string_view name);

/// Place, party, … of a reference that the parser has already checked; invalid if the key is absent.
PlaceId place_of(const Compile& c, const Entry& entry, std::string_view key);
PartyId party_of(const Compile& c, const Entry& entry, std::string_view key);

/// A scenario's series as the model's. `level`: the value itself (MW, a price, a share). `per_period`: an amount per
/// period from a rate per month or per second.
Series level_series(const Compile& c, const SeriesValue& value);
Series per_period_series(const Compile& c, const SeriesValue& value);
Series level_series(const Compile& c, const Quantity& quantity);
Series per_period_series(const Compile& c, const Quantity& quantity);

/// Whole periods of a duration given in months: rounded up, because a thing is online only when it is all there.
int periods_up(const Compile& c, double months);
/// The same of a key; 0 without it. The parser has refused negative ones (BL0201).
int lead_periods(const Compile& c, const Entry& entry, std::string_view key);
/// Period of a month, clipped to [0, period_count]; a month outside the horizon is BL0200 unless `clip`.
int period_at(const Compile& c, const Entry& entry, std::string_view key, bool clip = true);

Provenance provenance(const Entry& entry, std::string_view key = {});

/// An inventory of an amount commodity at a place, so that goods may wait for each other.
StoreId add_inventory(const Compile& c, CommodityId commodity, PlaceId place, double holding_cost_usd,
                      const Entry& entry);

}  // namespace beltline
