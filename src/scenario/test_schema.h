// A schema with every kind of key, for tests and fuzzers.
#pragma once

#include <array>

#include "scenario/schema.h"

namespace beltline::test_schema {

inline constexpr std::array kFlowFields{
    Attribute{.key = "commodity", .kind = Kind::reference, .target = "commodity", .required = true},
    Attribute{.key = "rate", .kind = Kind::quantity, .unit = "*", .required = true},
    Attribute{.key = "lag", .kind = Kind::duration, .fallback = "\"0 month\""},
};
inline constexpr std::array kProcessAttributes{
    Attribute{
        .key = "place", .kind = Kind::reference, .target = "site|region", .required = true, .description = "Where."},
    Attribute{.key = "inputs", .kind = Kind::references, .target = "commodity"},
    Attribute{.key = "yield", .kind = Kind::quantity, .fallback = "1", .is_yield = true, .description = "Good | all."},
    Attribute{.key = "starts", .kind = Kind::quantity, .unit = "wafer/month", .min = 0},
    Attribute{.key = "capex", .kind = Kind::quantity, .unit = "USD/kW", .min = 0, .max = 1e9},
    Attribute{.key = "fixed", .kind = Kind::quantity, .unit = "USD/kW/year"},
    Attribute{.key = "lead", .kind = Kind::duration, .fallback = "\"12 month\""},
    Attribute{.key = "flows", .kind = Kind::records, .fields = kFlowFields},
    Attribute{.key = "kind", .kind = Kind::choice, .target = "fab|hall|hull", .fallback = "\"fab\""},
    Attribute{.key = "modes", .kind = Kind::choices, .target = "day|night"},
    Attribute{.key = "module", .kind = Kind::integer, .min = 1, .max = 100},
    Attribute{.key = "whole", .kind = Kind::flag, .fallback = "false"},
    Attribute{.key = "earliest", .kind = Kind::month},
    Attribute{.key = "remark", .kind = Kind::text},
};
inline constexpr Section kProcess{
    .name = "process", .title = "Process", .description = "Makes things.", .attributes = kProcessAttributes};

inline constexpr std::array kSiteAttributes{
    Attribute{.key = "power", .kind = Kind::series, .unit = "MW", .min = 0},
    Attribute{.key = "price", .kind = Kind::series, .unit = "USD/MWh"},
    Attribute{.key = "sea", .kind = Kind::series, .unit = "degC"},
    Attribute{.key = "supply", .kind = Kind::series, .unit = "wafer/month"},
    Attribute{.key = "share", .kind = Kind::series, .fallback = "0.5", .min = 0, .max = 1},
    Attribute{.key = "any", .kind = Kind::series, .unit = "*"},
    Attribute{.key = "latitude", .kind = Kind::quantity, .min = -90, .max = 90},
};
inline constexpr Section kSite{
    .name = "site", .title = "Site", .description = "Holds things.", .attributes = kSiteAttributes};
inline constexpr Section kRegion{.name = "region", .title = "Region", .description = "", .attributes = {}};
inline constexpr Section kCommodity{.name = "commodity", .title = "Commodity", .description = "", .attributes = {}};

inline constexpr std::array kObjectiveAttributes{
    Attribute{.key = "discount", .kind = Kind::quantity, .fallback = "\"5 %\"", .min = 0, .max = 1},
};
inline constexpr Section kObjective{.name = "objective",
                                    .title = "Objective",
                                    .description = "What is best.",
                                    .attributes = kObjectiveAttributes,
                                    .single = true};

inline constexpr std::array<const Section*, 5> kSections{&kProcess, &kSite, &kRegion, &kCommodity, &kObjective};

}  // namespace beltline::test_schema
