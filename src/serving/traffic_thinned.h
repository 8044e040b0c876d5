// One in k of the requests of a traffic, whole sessions at a time.
#pragma once

#include <memory>

#include "serving/traffic.h"

namespace beltline::serving {

class ThinnedTraffic final : public TrafficSource {
 public:
  /// @param keep  share of requests that are kept, (0, 1]
  ThinnedTraffic(std::unique_ptr<TrafficSource> source, double keep, uint64_t seed)
      : source_(std::move(source)), keep_(keep), seed_(seed) {}

  bool next(TrafficRequest& request) override;
  [[nodiscard]] std::span<const std::string> models() const override { return source_->models(); }
  [[nodiscard]] std::span<const std::string> places() const override { return source_->places(); }

 private:
  std::unique_ptr<TrafficSource> source_;
  double keep_ = 1;
  uint64_t seed_ = 0;
  uint64_t number_ = 0;
};

}  // namespace beltline::serving
