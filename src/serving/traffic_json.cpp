#include "serving/traffic_json.h"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::serving {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kS = 1'000'000'000;
constexpr std::array kFormats{
    JsonNames{.format = "mooncake",
              .time = "timestamp",
              .time_unit_ns = kMs,
              .input = "input_length",
              .output = "output_length",
              .blocks = "hash_ids",
              .block_tokens = kMooncakeBlock},
    JsonNames{
        .format = "vllm", .time = "arrival_time", .time_unit_ns = kS, .input = "input_toks", .output = "output_toks"},
    JsonNames{.format = "llmservingsim",
              .time = "arrival_time_ns",
              .time_unit_ns = 1,
              .input = "input_toks",
              .output = "output_toks"},
};

/// Objects and lists inside each other; what lies deeper is not looked at.
constexpr int kDepthMax = 32;

}  // namespace

/// Keeps the top level's wanted values as they are written; everything else passes by.
struct JsonFormat::Handler final : nlohmann::json_sax<nlohmann::json> {
  enum class Field { none, time, input, output, blocks, model, session, priority };
  struct Kept {
    std::string text;
    bool is_there = false;
    bool is_text = false;

    void set(std::string_view value, bool text_value) {
      text = value;
      is_there = true;
      is_text = text_value;
    }
  };

  JsonNames names;
  Kept time, input, output, model, session, priority;
  std::vector<uint64_t>* blocks = nullptr;
  bool has_bad_block = false;
  bool is_object = false;
  int depth = 0;
  Field field = Field::none;
  std::size_t fault_at = 0;
  std::string fault;

  void begin(std::vector<uint64_t>& into) {
    for (Kept* kept : {&time, &input, &output, &model, &session, &priority}) kept->is_there = false;
    blocks = &into;
    has_bad_block = is_object = false;
    depth = 0;
    field = Field::none;
    fault.clear();
  }
  Kept* wanted() {
    if (depth != 1) return nullptr;
    switch (field) {
      case Field::time: return &time;
      case Field::input: return &input;
      case Field::output: return &output;
      case Field::model: return &model;
      case Field::session: return &session;
      case Field::priority: return &priority;
      default: return nullptr;
    }
  }
  bool value(std::string_view text, bool is_text) {
    if (Kept* const kept = wanted()) kept->set(text, is_text);
    if (depth == 2 && field == Field::blocks) has_bad_block = true;
    return true;
  }
  bool null() override { return value("null", true); }
  bool boolean(bool flag) override { return value(flag ? "true" : "false", true); }
  bool number_integer(number_integer_t number) override {
    if (depth == 2 && field == Field::blocks) {
      blocks->push_back(static_cast<uint64_t>(number));
      return true;
    }
    return value(fmt::format("{}", number), false);
  }
  bool number_unsigned(number_unsigned_t number) override {
    if (depth == 2 && field == Field::blocks) {
      blocks->push_back(number);
      return true;
    }
    return value(fmt::format("{}", number), false);
  }
  bool number_float(number_float_t, const string_t& text) override { return value(text, false); }
  bool string(string_t& text) override { return value(text, true); }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    is_object = is_object || depth == 0;
    return open();
  }
  bool end_object() override {
    --depth;
    return true;
  }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override {
    --depth;
    return true;
  }
  bool open() {
    if (depth == 2 && field == Field::blocks) has_bad_block = true;
    return ++depth <= kDepthMax;
  }
  bool key(string_t& name) override {
    if (depth != 1) return true;
    field = name == names.time                              ? Field::time
            : name == names.input                           ? Field::input
            : name == names.output                          ? Field::output
            : name == "model"                               ? Field::model
            : name == "session_id"                          ? Field::session
            : name == "priority"                            ? Field::priority
            : !names.blocks.empty() && name == names.blocks ? Field::blocks
                                                            : Field::none;
    return true;
  }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception& error) override {
    fault_at = at;
    fault = error.what();
    return false;
  }
};

JsonFormat::JsonFormat(const JsonNames& names) : names_(names), handler_(std::make_unique<Handler>()) {
  handler_->names = names;
}
JsonFormat::~JsonFormat() = default;

void JsonFormat::read(std::string_view line, TraceRow& row, RowFaults& faults) {
  row.clear();
  Handler& found = *handler_;
  found.begin(row.blocks);
  const bool parsed = nlohmann::json::sax_parse(line, &found);
  if (!parsed || !found.is_object) {
    const auto column = static_cast<uint32_t>(std::clamp<std::size_t>(found.fault_at, 1, line.size() + 1));
    faults.push_back({.code = Code::file_syntax,
                      .origin = {.column = parsed ? 1 : column},
                      .message = "the line is not one JSON object",
                      .expected = fmt::format("an object with {}, {} and {}", names_.time, names_.input, names_.output),
                      .help = "write one object a line, whole"});
    return;
  }
  const auto whole = static_cast<uint32_t>(std::max<std::size_t>(line.size(), 1));
  const auto cell = [&](const Handler::Kept& kept, std::string_view name) -> std::optional<TraceCell> {
    if (!kept.is_there) {
      faults.push_back({.code = Code::missing_key,
                        .origin = {.column = 1, .length = whole},
                        .message = fmt::format("the object has no {}", name),
                        .help = fmt::format("add \"{}\"", name)});
      return std::nullopt;
    }
    const std::size_t key = line.find(fmt::format("\"{}\"", name));
    const std::size_t at = key == std::string_view::npos ? key : line.find(kept.text, key + name.size() + 2);
    return TraceCell{kept.text, static_cast<uint32_t>(at == std::string_view::npos ? 1 : at + 1)};
  };
  if (const auto time = cell(found.time, names_.time))
    row.time_ns = read_time(*time, names_.time, names_.time_unit_ns, faults);
  if (const auto input = cell(found.input, names_.input)) row.input_tokens = read_tokens(*input, names_.input, faults);
  if (const auto output = cell(found.output, names_.output))
    row.output_tokens = read_tokens(*output, names_.output, faults);
  if (found.has_bad_block) {
    faults.push_back({.code = Code::wrong_type,
                      .origin = {.column = 1, .length = whole},
                      .message = fmt::format("{} holds something that is no whole number", names_.blocks),
                      .expected = "a list of whole numbers",
                      .help = "write the hashes of the prompt's blocks as whole numbers"});
  }
  if (found.priority.is_there) {
    if (const auto priority = cell(found.priority, "priority")) row.priority = read_priority(*priority, faults);
  }
  // kept in the handler until the next line
  if (found.model.is_there) row.model = found.model.text;
  if (found.session.is_there) row.session = found.session.text;
}

std::span<const JsonNames> json_formats() {
  return kFormats;
}

}  // namespace beltline::serving
