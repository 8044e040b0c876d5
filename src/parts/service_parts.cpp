#include "parts/service_parts.h"

#include <array>

#include "parts/desk.h"
#include "parts/public_share.h"
#include "parts/regional.h"
#include "parts/school.h"
#include "parts/seats.h"
#include "parts/service.h"

namespace beltline {

std::span<const Part> service_parts() {
  // a desk's agents are there before the seats that draw on them, a service before both
  static const std::array parts{
      Part{&kServiceSection, compile_services},
      Part{&kDeskSection, compile_desks},
      Part{&kSeatsSection, compile_seats},
      Part{&kSchoolSection, compile_schools},
      Part{&kPublicShareSection, compile_public_shares},
      Part{&kRegionalSection, compile_regional},
  };
  return parts;
}

}  // namespace beltline
