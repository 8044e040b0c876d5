// Tables of kernels for the rows of a validation: one set for each accelerator and engine, read when first asked for.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "perf/deployment.h"
#include "perf/profiles.h"
#include "tests/serving/validation.h"

namespace beltline::validation {

class ProfileShelf {
 public:
  /// The folder or wheel that the options name, else the tables of `shared`; nothing where neither is there.
  static std::optional<ProfileShelf> open(const Options& options);

  /// Of the deployment's accelerator under its engine, else under any engine; nullptr where the library has none.
  const perf::Profiles* find(const perf::Deployment& deployment);
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::shared_ptr<const perf::ProfileLibrary> library_;
  std::map<std::string, std::shared_ptr<const perf::Profiles>> read_;
  std::string name_;
};

}  // namespace beltline::validation
