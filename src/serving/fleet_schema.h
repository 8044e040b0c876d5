// The sections of a fleet's file.
#pragma once

#include "scenario/schema.h"

namespace beltline::serving {

extern const Section kFleetSection;
extern const Section kFleetSiteSection;
extern const Section kFleetUserSection;
extern const Section kFleetRackSection;
extern const Section kFleetReplicaSection;
extern const Section kFleetOutageSection;
extern const Section kFleetJobSection;
extern const Section kFleetLevelSection;
extern const Section kFleetNetworkSection;
extern const Section kFleetAdmissionSection;
extern const Section kFleetScalingSection;
extern const Section kFleetFailuresSection;
extern const Section kFleetRoutingSection;

}  // namespace beltline::serving
