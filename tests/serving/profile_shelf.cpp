#include "tests/serving/profile_shelf.h"

#include <fmt/format.h>

namespace beltline::validation {

std::optional<ProfileShelf> ProfileShelf::open(const Options& options) {
  const auto path = options.profiles.empty() ? options.shared / "aiconfigurator" : options.profiles;
  const auto library = perf::ProfileLibrary::open(path);
  if (!library) {
    fmt::print("  no profiles: {}\n", library.error().message);
    return std::nullopt;
  }
  ProfileShelf shelf;
  shelf.library_ = *library;
  shelf.name_ = path.filename().string();
  return shelf;
}

const perf::Profiles* ProfileShelf::find(const perf::Deployment& deployment) {
  // compiled engines of TensorRT-LLM have the kernels of its PyTorch engines
  const std::string engine = deployment.engine == "tensorrt" ? "trtllm" : deployment.engine;
  auto& slot = read_[deployment.accelerator.name + " " + engine];
  if (slot != nullptr) return slot.get();
  for (const std::string& asked : {engine, std::string()}) {
    const auto profiles = library_->read({.accelerator = deployment.accelerator.name, .engine = asked});
    if (!profiles) continue;
    slot = *profiles;
    break;
  }
  return slot.get();
}

}  // namespace beltline::validation
