#include "parts/accelerator.h"

#include "base/diagnostic_codes.h"

namespace beltline {
namespace {

constexpr Attribute kAttributes[] = {
    {.key = "stack", .kind = Kind::reference, .target = "stack", .description = "The HBM stack it carries."},
    {.key = "stacks", .kind = Kind::integer, .min = 1, .max = 64, .description = "HBM stacks on one accelerator."},
    {.key = "packages_per_wafer",
     .kind = Kind::quantity,
     .unit = "",
     .fallback = "16",
     .min = 0,
     .min_exclusive = true,
     .description = "Packages that one interposer wafer gives, before yield."},
    {.key = "earliest",
     .kind = Kind::month,
     .description = "First month in which packages of it are started in volume."},
    {.key = "packages_max",
     .kind = Kind::series,
     .unit = "accelerator/month",
     .min = 0,
     .description = "Ramp: packages a month for the programme, at each packaging plant. Absent: no limit besides "
                    "interposer wafers and stacks."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "USD/accelerator",
     .min = 0,
     .description = "What one is worth in stock. The plan pays for racks, which hold this price."},
};

}  // namespace

constinit const Section kAcceleratorSection = {
    .name = "accelerator",
    .title = "Accelerator generation",
    .description =
        "What a packaged accelerator takes: `stacks` HBM stacks and 1 / (`packages_per_wafer` · yield) interposer "
        "wafers. "
        "It is made by `packaging` and goes into racks. One package counts as one accelerator, however many dies it "
        "has: "
        "Vera Rubin's NVL144 and NVL72 are the same rack, counted in dies or in packages.",
    .attributes = kAttributes,
};

void check_accelerators(const Compile& c) {
  for (const Entry& accelerator : c.spec.entries("accelerator")) {
    if (accelerator.has("stack") == accelerator.has("stacks")) continue;
    const bool has_stack = accelerator.has("stack");
    c.diagnostics.add({.code = Code::missing_key,
                       .origin = accelerator.where(has_stack ? "stack" : "stacks"),
                       .message = "accelerator '" + accelerator.name + "' names only one of stack and stacks",
                       .found = has_stack ? "stack" : "stacks",
                       .expected = has_stack ? "stacks, their number" : "stack, the kind of HBM stack",
                       .help = has_stack ? "add stacks = 8" : "add stack = \"stack_NAME\""});
  }
}

double stacks_per_accelerator(const Entry& accelerator) {
  return accelerator.has("stack") && accelerator.has("stacks") ? static_cast<double>(accelerator.integer("stacks")) : 0;
}

}  // namespace beltline
