// A model of traffic as a TOML file, and the models that the program knows by name.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "serving/section_file.h"
#include "serving/traffic_model.h"

namespace beltline::serving {

extern const Section kTrafficSection;
extern const Section kClientSection;

/// What reading gives; `model` is there if no fault was found.
struct ReadTraffic {
  SectionFile file;
  std::optional<TrafficModel> model;
};

/// @errors those of sections, and BL0206: a mean below the median, no clients, two ways to say a length
ReadTraffic read_traffic_model(const std::filesystem::path& path);
ReadTraffic read_traffic_text(const std::string& name, std::string_view text);

/// "korea-day", "chat", …: names that --traffic takes instead of a file.
std::span<const std::string_view> traffic_words();
/// The TOML that a word stands for; "" for a word that is none.
std::string_view traffic_word_text(std::string_view word);

}  // namespace beltline::serving
