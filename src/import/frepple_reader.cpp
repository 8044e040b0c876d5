#include "import/frepple_reader.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/frepple_fields.h"

namespace beltline::frepple {
namespace {

class ModelReader {
 public:
  ModelReader(FreppleModel& model, Diagnostics& diagnostics)
      : model_(model), diagnostics_(diagnostics), take_(diagnostics) {}

  void plan(const XmlElement& root) {
    take_.each(root, [&](const Field& f) {
      if (take_.text(f, "name", model_.name) || take_.date(f, "current", model_.current)) return true;
      return f.element != nullptr && section(*f.element);
    });
  }

 private:
  /// A list of things of one kind: "items" with an "item" for each.
  bool section(const XmlElement& list) {
    return each_of(list, "items", [&](const XmlElement& e) { item(e, ""); }) ||
           each_of(list, "operations", [&](const XmlElement& e) { operation(e); }) ||
           each_of(list, "buffers", [&](const XmlElement& e) { buffer(e); }) ||
           each_of(list, "calendars", [&](const XmlElement& e) { calendar(e); }) ||
           each_of(list, "resources", [&](const XmlElement& e) { resource(e); }) ||
           each_of(list, "demands", [&](const XmlElement& e) { demand(e); }) ||
           each_of(list, "locations", [&](const XmlElement& e) { location(e); }) ||
           each_of(list, "customers", [&](const XmlElement& e) { named(e, "customer"); }) ||
           each_of(list, "suppliers", [&](const XmlElement& e) { supplier(e); }) ||
           each_of(list, "itemsuppliers", [&](const XmlElement& e) { sourcing(e, {}); }) ||
           each_of(list, "itemdistributions", [&](const XmlElement& e) { sourcing(e, {}); }) ||
           each_of(list, "operationplans", [&](const XmlElement& e) { fixed_plan(e); }) || of_operation(list, "");
  }

  bool of_operation(const XmlElement& list, const std::string& owner) {
    const auto add_flow = [&](const XmlElement& e) { flow(e, owner, ""); };
    const auto add_load = [&](const XmlElement& e) { load(e, owner, ""); };
    const auto add_step = [&](const XmlElement& e) { step(e, owner); };
    return each_of(list, "flows", add_flow) || each_of(list, "operationmaterials", add_flow) ||
           each_of(list, "loads", add_load) || each_of(list, "operationresources", add_load) ||
           each_of(list, "suboperations", add_step);
  }

  static bool each_of(const XmlElement& list, std::string_view tag,
                      const std::function<void(const XmlElement&)>& read) {
    if (list.tag != tag) return false;
    for (const XmlElement& child : list.children) read(child);
    return true;
  }

  /// The name of what is described, or "" after saying that it has none.
  std::string name_of(const XmlElement& element) {
    for (const XmlAttribute& attribute : element.attributes)
      if (attribute.name == "name") return attribute.value;
    for (const XmlElement& child : element.children)
      if (child.tag == "name") return child.text;
    diagnostics_.add({.code = Code::missing_key,
                      .origin = element.origin,
                      .message = fmt::format("a {} has no name", printable(element.tag)),
                      .expected = "a name",
                      .help = "add an attribute name"});
    return {};
  }

  /// What only its name is of use of.
  std::string named(const XmlElement& element, std::string_view) {
    std::string name = name_of(element);
    take_.each(element, [&](const Field& f) {
      return f.key == "name" || f.key == "type" || f.key == "owner" || f.key == "members";
    });
    return name;
  }

  /// A reference to, or a description of, something by `read`.
  template <typename Read>
  bool reference(const Field& field, std::string_view key, std::string& out, Read read) {
    if (field.key != key) return false;
    out = field.element != nullptr ? read(*field.element) : std::string(field.text);
    return true;
  }
  bool item_reference(const Field& f, std::string_view key, std::string& out) {
    return reference(f, key, out, [&](const XmlElement& e) { return item(e, ""); });
  }
  bool location_reference(const Field& f, std::string_view key, std::string& out) {
    return reference(f, key, out, [&](const XmlElement& e) { return location(e); });
  }
  bool operation_reference(const Field& f, std::string_view key, std::string& out) {
    return reference(f, key, out, [&](const XmlElement& e) { return operation(e); });
  }
  bool calendar_reference(const Field& f, std::string_view key, std::string& out) {
    return reference(f, key, out, [&](const XmlElement& e) { return calendar(e); });
  }

  std::string location(const XmlElement& element) {
    const std::string name = name_of(element);
    std::string available;
    take_.each(element, [&](const Field& f) {
      return f.key == "name" || f.key == "owner" || f.key == "members" || plain(f, "location_default") ||
             calendar_reference(f, "available", available);
    });
    if (!available.empty()) model_.available[name] = available;
    return name;
  }

  /// The kind of something that has one kind here.
  bool plain(const Field& f, std::string_view kind) {
    if (f.key != "type") return false;
    if (f.text != kind)
      unknown_kind(f.origin, std::string(kind.substr(0, kind.find('_'))), std::string(f.text), std::string(kind));
    return true;
  }

  std::string supplier(const XmlElement& element) {
    const std::string name = name_of(element);
    take_.each(element, [&](const Field& f) {
      if (f.key == "name" || f.key == "type" || f.key == "owner" || f.key == "members") return true;
      return f.element != nullptr &&
             each_of(*f.element, "itemsuppliers", [&](const XmlElement& e) { sourcing(e, {.supplier = name}); });
    });
    return name;
  }

  std::string item(const XmlElement& element, const std::string& owner) {
    const std::string name = name_of(element);
    if (name.empty()) return name;
    Item& out = model_.items[name];
    out.name = name;
    out.origin = element.origin;
    if (!owner.empty()) out.owner = owner;
    take_.each(element, [&](const Field& f) {
      if (f.key == "name" || (f.key == "type" && f.text == "item_mts") || plain(f, "item_default")) return true;
      if (item_reference(f, "owner", model_.items[name].owner)) return true;
      if (operation_reference(f, "operation", model_.items[name].operation)) return true;
      if (f.element == nullptr) return false;
      const auto add = [&](const XmlElement& e) { sourcing(e, {.item = name}); };
      return each_of(*f.element, "members", [&](const XmlElement& e) { item(e, name); }) ||
             each_of(*f.element, "itemsuppliers", add) || each_of(*f.element, "itemdistributions", add);
    });
    return name;
  }

  void sourcing(const XmlElement& element, Sourcing out) {
    out.origin = element.origin;
    std::string destination;
    take_.each(element, [&](const Field& f) {
      if (take_.duration(f, "leadtime", out.lead) || take_.duration(f, "hard_safety_leadtime", out.hard_safety) ||
          take_.duration(f, "extra_safety_leadtime", out.soft_safety) || take_.duration(f, "fence", out.fence) ||
          take_.amount(f, "priority", out.priority) || take_.sizes(f, out.sizes) || take_.window(f, out.window))
        return true;
      return f.key == "type" || item_reference(f, "item", out.item) ||
             reference(f, "supplier", out.supplier, [&](const XmlElement& e) { return supplier(e); }) ||
             location_reference(f, "location", out.location) || location_reference(f, "origin", out.from) ||
             location_reference(f, "destination", destination);
    });
    if (!destination.empty()) out.location = destination;
    model_.sourcings.push_back(std::move(out));
  }

  std::string operation(const XmlElement& element) {
    const std::string name = name_of(element);
    if (name.empty()) return name;
    Operation& out = model_.operations[name];
    out.name = name;
    out.origin = element.origin;
    std::string kind;
    std::string owner;
    std::optional<double> per;
    take_.each(element, [&](const Field& f) {
      if (f.key == "name") return true;
      if (take_.kind(f, kind) || take_.duration(f, "duration", out.duration) || take_.sizes(f, out.sizes) ||
          take_.duration(f, "fence", out.fence) || take_.duration(f, "posttime", out.post_time) ||
          take_.amount(f, "priority", out.priority) || take_.window(f, out.window))
        return true;
      if (f.key == "duration_per") {
        duration_per(f, out.duration_per);
        return true;
      }
      if (item_reference(f, "item", out.item) || location_reference(f, "location", out.location) ||
          operation_reference(f, "owner", owner) || calendar_reference(f, "available", out.available))
        return true;
      return f.element != nullptr && of_operation(*f.element, name);
    });
    set_kind(out, kind);
    if (!owner.empty()) {
      out.has_owner = true;
      model_.operations[owner].steps.push_back(
          {.operation = name, .priority = out.priority, .has_priority = true, .window = {}, .origin = element.origin});
    }
    return name;
  }

  /// A duration a unit may be a fraction of a second as a plain number.
  void duration_per(const Field& f, double& out) {
    Seconds whole = 0;
    if (f.text.find_first_not_of("0123456789.") == std::string_view::npos) {
      take_.amount(f, "duration_per", out);
    } else if (take_.duration(f, "duration_per", whole)) {
      out = static_cast<double>(whole);
    }
  }

  void set_kind(Operation& operation, const std::string& kind) {
    if (kind.empty() || kind == "operation_fixed_time") {
      if (!kind.empty()) operation.kind = OperationKind::fixed_time;
    } else if (kind == "operation_time_per") {
      operation.kind = OperationKind::time_per;
    } else if (kind == "operation_routing") {
      operation.kind = OperationKind::routing;
    } else if (kind == "operation_alternate") {
      operation.kind = OperationKind::alternate;
    } else if (kind == "operation_split") {
      operation.kind = OperationKind::split;
    } else {
      unknown_kind(operation.origin, "operation", kind,
                   "operation_fixed_time, operation_time_per, operation_routing, operation_alternate or "
                   "operation_split");
    }
  }

  void unknown_kind(const Origin& origin, std::string_view what, const std::string& kind, std::string expected) {
    diagnostics_.add({.code = Code::bad_choice,
                      .origin = origin,
                      .message = fmt::format("'{}' is no kind of {}", printable(kind), what),
                      .found = printable(kind),
                      .expected = std::move(expected),
                      .help = "write one of these kinds"});
  }

  void step(const XmlElement& element, const std::string& owner) {
    Step out{.operation = {}, .window = {}, .origin = element.origin};
    std::string of = owner;
    take_.each(element, [&](const Field& f) {
      if (take_.amount(f, "priority", out.priority)) {
        out.has_priority = true;
        return true;
      }
      return f.key == "type" || take_.window(f, out.window) || operation_reference(f, "operation", out.operation) ||
             operation_reference(f, "owner", of);
    });
    if (out.operation.empty()) return;
    model_.operations[out.operation].has_owner = true;
    model_.operations[of].name = of;
    model_.operations[of].steps.push_back(std::move(out));
  }

  void flow(const XmlElement& element, const std::string& operation_name, const std::string& buffer_name) {
    Flow out{.operation = operation_name, .buffer = buffer_name, .item = {}, .location = {}, .origin = element.origin};
    std::string kind;
    take_.each(element, [&](const Field& f) {
      return take_.kind(f, kind) || take_.number(f, "quantity", out.quantity) ||
             take_.number(f, "quantity_fixed", out.quantity_fixed) || take_.duration(f, "offset", out.offset) ||
             take_.text(f, "name", out.name) || take_.amount(f, "priority", out.priority) ||
             operation_reference(f, "operation", out.operation) || item_reference(f, "item", out.item) ||
             location_reference(f, "location", out.location) ||
             reference(f, "buffer", out.buffer, [&](const XmlElement& e) { return buffer(e); });
    });
    out.at_end = kind == "flow_end" || kind == "end" || (kind.empty() && out.quantity > 0);
    if (!kind.empty() && kind != "flow_end" && kind != "end" && kind != "flow_start" && kind != "start")
      unknown_kind(out.origin, "flow", kind, "flow_start or flow_end");
    model_.flows.push_back(std::move(out));
  }

  void load(const XmlElement& element, const std::string& operation_name, const std::string& resource_name) {
    Load out{.operation = operation_name, .resource = resource_name, .origin = element.origin};
    take_.each(element, [&](const Field& f) {
      return plain(f, "load_default") || take_.amount(f, "quantity", out.quantity) || take_.text(f, "name", out.name) ||
             take_.amount(f, "priority", out.priority) || operation_reference(f, "operation", out.operation) ||
             reference(f, "resource", out.resource, [&](const XmlElement& e) { return resource(e); });
    });
    model_.loads.push_back(std::move(out));
  }

  std::string buffer(const XmlElement& element) {
    const std::string name = name_of(element);
    if (name.empty()) return name;
    Buffer& out = model_.buffers[name];
    out.name = name;
    out.origin = element.origin;
    std::string kind;
    std::optional<double> maximum;
    std::string maximum_calendar;
    take_.each(element, [&](const Field& f) {
      if (f.key == "name") return true;
      if (take_.kind(f, kind) || take_.number(f, "onhand", out.on_hand) || take_.amount(f, "minimum", out.minimum) ||
          take_.amount(f, "maximum", maximum))
        return true;
      if (calendar_reference(f, "minimum_calendar", out.minimum_calendar) ||
          calendar_reference(f, "maximum_calendar", maximum_calendar) || item_reference(f, "item", out.item) ||
          location_reference(f, "location", out.location) || operation_reference(f, "producing", out.producing))
        return true;
      const auto add = [&](const XmlElement& e) { flow(e, "", name); };
      return f.element != nullptr &&
             (each_of(*f.element, "flows", add) || each_of(*f.element, "operationmaterials", add));
    });
    if (maximum || !maximum_calendar.empty()) out.has_maximum = true;
    if (kind == "buffer_infinite") out.is_infinite = true;
    if (!kind.empty() && kind != "buffer_infinite" && kind != "buffer_default")
      unknown_kind(out.origin, "buffer", kind, "buffer_default or buffer_infinite");
    return name;
  }

  std::string calendar(const XmlElement& element) {
    const std::string name = name_of(element);
    if (name.empty()) return name;
    FreppleCalendar& out = model_.calendars[name];
    out.name = name;
    out.origin = element.origin;
    const auto bucket = [&](const XmlElement& e) {
      CalendarBucket b;
      double days = b.days;
      take_.each(e, [&](const Field& f) {
        return take_.date(f, "start", b.window.start) || take_.date(f, "end", b.window.end) ||
               take_.number(f, "value", b.value) || take_.number(f, "priority", b.priority) ||
               take_.amount(f, "days", days) || take_.duration(f, "starttime", b.start) ||
               take_.duration(f, "endtime", b.end);
      });
      b.days = static_cast<int>(std::min(days, 127.0));
      out.buckets.push_back(b);
    };
    take_.each(element, [&](const Field& f) {
      return f.key == "name" || f.key == "type" || take_.number(f, "default", out.value) ||
             (f.element != nullptr && each_of(*f.element, "buckets", bucket));
    });
    return name;
  }

  std::string resource(const XmlElement& element) {
    const std::string name = name_of(element);
    if (name.empty()) return name;
    Resource& out = model_.resources[name];
    out.name = name;
    out.origin = element.origin;
    std::string kind;
    std::string at;
    double efficiency = 100;
    take_.each(element, [&](const Field& f) {
      if (f.key == "name" || (f.key == "constrained" && f.text != "false" && f.text != "0")) return true;
      if (f.key == "constrained") return out.is_infinite = true;
      if (f.key == "efficiency" && take_.number(f, "efficiency", efficiency)) return efficiency == 100;
      if (take_.kind(f, kind) || take_.amount(f, "maximum", out.maximum) || location_reference(f, "location", at) ||
          calendar_reference(f, "maximum_calendar", out.maximum_calendar) ||
          calendar_reference(f, "available", out.available))
        return true;
      const auto add = [&](const XmlElement& e) { load(e, "", name); };
      return f.element != nullptr &&
             (each_of(*f.element, "loads", add) || each_of(*f.element, "operationresources", add));
    });
    if (kind == "resource_infinite") out.is_infinite = true;
    if (!kind.empty() && kind != "resource_infinite" && kind != "resource_default") {
      if (kind == "resource_buckets") {
        take_.refuse(out.origin, "a resource in buckets");
      } else {
        unknown_kind(out.origin, "resource", kind, "resource_default or resource_infinite");
      }
    }
    return name;
  }

  std::string demand(const XmlElement& element) {
    const std::string name = name_of(element);
    if (name.empty()) return name;
    Demand& out = model_.demands[name];
    out.name = name;
    out.origin = element.origin;
    std::optional<Seconds> due;
    Seconds lateness = -1;
    take_.each(element, [&](const Field& f) {
      return f.key == "name" || plain(f, "demand_default") || take_.amount(f, "quantity", out.quantity) ||
             take_.date(f, "due", due) || take_.number(f, "priority", out.priority) ||
             take_.amount(f, "minshipment", out.min_shipment) || take_.duration(f, "maxlateness", lateness) ||
             take_.text(f, "status", out.status) || item_reference(f, "item", out.item) ||
             location_reference(f, "location", out.location) || operation_reference(f, "operation", out.operation);
    });
    if (due) {
      out.due = *due;
      out.has_due = true;
    }
    if (lateness >= 0) out.max_lateness = lateness;
    return name;
  }

  void fixed_plan(const XmlElement& element) {
    FixedPlan out;
    out.origin = element.origin;
    std::string destination;
    take_.each(element, [&](const Field& f) {
      if (f.key == "id" || f.key == "reference") {
        out.name = f.text;
        return true;
      }
      return take_.text(f, "ordertype", out.kind) || take_.text(f, "type", out.kind) ||
             take_.date(f, "start", out.start) || take_.date(f, "end", out.end) ||
             take_.amount(f, "quantity", out.quantity) || take_.text(f, "status", out.status) ||
             operation_reference(f, "operation", out.operation) || item_reference(f, "item", out.item) ||
             location_reference(f, "location", out.location) || location_reference(f, "origin", out.from) ||
             location_reference(f, "destination", destination) ||
             reference(f, "supplier", out.supplier, [&](const XmlElement& e) { return supplier(e); });
    });
    if (!destination.empty()) out.location = destination;
    if (out.name.empty()) out.name = fmt::format("operationplan {}", model_.plans.size() + 1);
    model_.plans.push_back(std::move(out));
  }

  FreppleModel& model_;
  Diagnostics& diagnostics_;
  FieldTaker take_;
};

}  // namespace

std::optional<FreppleModel> read_model(const XmlDocument& document, Diagnostics& diagnostics) {
  if (document.root.tag != "plan") {
    diagnostics.add({.code = Code::file_syntax,
                     .origin = document.root.origin,
                     .message = fmt::format("the text begins with <{}>", printable(document.root.tag)),
                     .expected = "<plan>",
                     .help = "name a model of frePPLe"});
    return std::nullopt;
  }
  FreppleModel model;
  ModelReader(model, diagnostics).plan(document.root);
  if (diagnostics.has_errors()) return std::nullopt;
  return model;
}

}  // namespace beltline::frepple
