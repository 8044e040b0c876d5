// Faults of a trace of any length: the first ones with their places, the others counted by kind.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline::serving {

/// Faults that are told with their place.
inline constexpr std::size_t kFaultsTold = 20;

class TrafficFaults {
 public:
  explicit TrafficFaults(std::string path = {}) : path_(std::move(path)) {}

  /// A fault in a line. Column and length of `diagnostic.origin` are taken, the rest of it is set here.
  void add(Diagnostic diagnostic, uint64_t line, std::string_view text);
  /// A fault of the file as a whole.
  void add(Diagnostic diagnostic);

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] uint64_t count() const { return count_; }
  /// Faults by code, those told among them.
  [[nodiscard]] const std::map<Code, uint64_t>& by_code() const { return by_code_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// What `render` takes: the faults told, and after them how many more there are.
  struct Told {
    SourceFiles files;
    Diagnostics diagnostics;
  };
  [[nodiscard]] Told told() const;

 private:
  struct KeptLine {
    uint64_t number = 0;
    std::string text;
  };

  std::string path_;
  std::vector<Diagnostic> kept_;
  std::vector<KeptLine> lines_;  // of the faults kept, in the file's order
  std::map<Code, uint64_t> by_code_;
  uint64_t count_ = 0;
};

}  // namespace beltline::serving
