// What people call the entities that parts make: "hall@ulsan" is "data halls at SK AI Data Center Ulsan".
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "model/entity.h"
#include "scenario/spec.h"

namespace beltline {

/// Titles from the scenario's own `title` and `title_ko`, put into the phrase of the entity's kind. Names without a
/// phrase of their own are shown by the title of their entry, or as they are.
class Words {
 public:
  /// Both outlive this.
  Words(const Spec& spec, const Model& model) : spec_(spec), m_(model) {}

  /// A noun phrase without article: "wafer starts at SK hynix Cheongju M15X".
  [[nodiscard]] std::string title(Entity entity, Language language) const;
  /// Of a place: its site's title if one stands there, else its own.
  [[nodiscard]] std::string place(std::string_view name, Language language) const;
  /// "March 2027", "2027년 3월"; a year for yearly periods.
  [[nodiscard]] std::string period(int t, Language language) const;
  /// "March 2027 to May 2028", or one period.
  [[nodiscard]] std::string periods(int first, int last, Language language) const;

 private:
  [[nodiscard]] std::string entry_title(std::string_view section, std::string_view name, Language language) const;
  [[nodiscard]] std::string item(std::string_view name, Language language) const;

  const Spec& spec_;
  const Model& m_;
};

}  // namespace beltline
