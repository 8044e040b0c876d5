#include "parts/site_parts.h"

#include <array>

#include "parts/battery.h"
#include "parts/belt.h"
#include "parts/climate.h"
#include "parts/connection.h"
#include "parts/equipment.h"
#include "parts/grid_region.h"
#include "parts/hall.h"
#include "parts/hull.h"
#include "parts/plant.h"
#include "parts/site.h"
#include "parts/tariff.h"
#include "parts/yard.h"

namespace beltline {

std::span<const Part> site_parts() {
  // sites need their grid region; what stands at sites needs these; belts sum over all of it
  static const std::array parts{
      Part{&kClimateSection, nullptr},
      Part{&kTariffSection, compile_tariffs},
      Part{&kGridRegionSection, compile_grid_regions},
      Part{&kSiteSection, compile_sites},
      Part{&kConnectionSection, compile_connections},
      Part{&kEquipmentSection, compile_equipment},
      Part{&kHallSection, compile_halls},
      Part{&kYardSection, compile_yards},
      Part{&kHullSection, compile_hulls},
      Part{&kPlantSection, compile_plants},
      Part{&kBatterySection, compile_batteries},
      Part{&kBeltSection, compile_belts},
  };
  return parts;
}

}  // namespace beltline
