#include "serving/traffic_file.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "serving/traffic.h"
#include "serving/traffic_words.h"

namespace beltline::serving {
namespace {

constexpr Attribute kLengthFields[] = {
    {.key = "median", .kind = Kind::quantity, .min = 1, .max = 1e8, .description = "Median of a lognormal, tokens."},
    {.key = "mean",
     .kind = Kind::quantity,
     .min = 1,
     .max = 1e8,
     .description = "Its mean, at least the median: σ² = 2 ln(mean / median). Without it, every length is the median."},
    {.key = "quantiles",
     .kind = Kind::texts,
     .description = "Instead: tokens at equally spaced probabilities from 0 to 1, linear between, as texts: "
                    "[\"10\", \"200\", \"4000\"]."},
    {.key = "min", .kind = Kind::integer, .fallback = "1", .min = 1, .max = 1e8, .description = "Shortest, tokens."},
    {.key = "max", .kind = Kind::integer, .min = 1, .max = 1e8, .description = "Longest, tokens."},
};

constexpr Attribute kTrafficAttributes[] = {
    {.key = "utc_offset",
     .kind = Kind::quantity,
     .unit = "h",
     .fallback = "\"0 h\"",
     .min = -12,
     .max = 14,
     .description = "Zone of the clock at which the traffic begins."},
};

constexpr Attribute kClientAttributes[] = {
    {.key = "requests",
     .kind = Kind::quantity,
     .unit = "s-1",
     .required = true,
     .min = 0,
     .max = 1e9,
     .description = "Requests a second, mean over the day."},
    {.key = "model", .kind = Kind::text, .description = "Which model of the fleet they ask; the first one without it."},
    {.key = "place",
     .kind = Kind::text,
     .description = "Which `user` of the fleet they are; the first one without it."},
    {.key = "priority",
     .kind = Kind::integer,
     .fallback = "0",
     .min = 0,
     .max = 99,
     .description = "Lower goes first, where the fleet's engines go `by_priority`."},
    {.key = "day",
     .kind = Kind::choice,
     .target = "flat|peak|office",
     .fallback = "\"flat\"",
     .description = "Course of the day: even, one peak (`peak_to_mean`, `peak_hour`), or working hours."},
    {.key = "shape",
     .kind = Kind::series,
     .min = 0,
     .description = "Instead of `day`: 24 values by local hour, {values = [...], by = \"hour_of_day\"}; only their "
                    "proportions count."},
    {.key = "peak_to_mean",
     .kind = Kind::quantity,
     .fallback = "2.2",
     .min = 1,
     .max = 12,
     .description = "Highest hour over the mean: w[h] = exp(k · cos(2π (h − peak) / 24)), scaled to mean 1."},
    {.key = "peak_hour",
     .kind = Kind::integer,
     .fallback = "15",
     .min = 0,
     .max = 23,
     .description = "Local hour of it."},
    {.key = "utc_offset",
     .kind = Kind::quantity,
     .unit = "h",
     .min = -12,
     .max = 14,
     .description = "Zone of their hours; that of [traffic] without it."},
    {.key = "arrivals",
     .kind = Kind::choice,
     .target = "poisson|gamma|weibull",
     .fallback = "\"poisson\"",
     .description = "Times between sessions that begin, at the rate of the moment."},
    {.key = "cv",
     .kind = Kind::quantity,
     .fallback = "1",
     .min = 0.1,
     .max = 10,
     .description = "Coefficient of variation of these times, of gamma or weibull."},
    {.key = "surge",
     .kind = Kind::quantity,
     .fallback = "0",
     .min = 0,
     .max = 5,
     .description = "Coefficient of variation of the rate itself: a gamma factor for each `surge_time`."},
    {.key = "surge_time",
     .kind = Kind::quantity,
     .unit = "s",
     .fallback = "\"60 s\"",
     .min = 1,
     .max = 86400,
     .description = "How long a surge lasts."},
    {.key = "turns",
     .kind = Kind::quantity,
     .fallback = "1",
     .min = 1,
     .max = 1000,
     .description = "Turns of a session, mean of a geometric number. Each repeats all that was said before."},
    {.key = "think_time",
     .kind = Kind::quantity,
     .unit = "s",
     .fallback = "\"30 s\"",
     .min = 0,
     .max = 86400,
     .description = "From the end of an answer to the next turn, mean of an exponential."},
    {.key = "token_time",
     .kind = Kind::quantity,
     .unit = "ms",
     .fallback = "\"20 ms\"",
     .min = 0,
     .max = 10000,
     .description = "What a token of an answer is taken to last, for the time of the next turn."},
    {.key = "shared_tokens",
     .kind = Kind::integer,
     .fallback = "0",
     .min = 0,
     .max = 1e6,
     .description = "Tokens in front of every prompt, the same for all of them: a system prompt."},
    {.key = "input",
     .kind = Kind::records,
     .required = true,
     .fields = kLengthFields,
     .description = "New tokens of a turn: [{median, mean, min, max}]."},
    {.key = "output",
     .kind = Kind::records,
     .required = true,
     .fields = kLengthFields,
     .description = "Tokens of an answer."},
    {.key = "reasoning_share",
     .kind = Kind::quantity,
     .fallback = "0",
     .min = 0,
     .max = 1,
     .description = "Share of requests that think before they answer."},
    {.key = "reasoning",
     .kind = Kind::records,
     .fields = kLengthFields,
     .description = "Tokens of that, which the next turn does not repeat."},
};

/// Reads lengths and says what contradicts itself.
class LengthReader {
 public:
  explicit LengthReader(SectionFile& file) : file_(file) {}

  LengthModel read(const Entry& client, std::string_view key) {
    const std::vector<Entry>& records = client.records(key);
    if (records.size() != 1) {
      add(client.where(key), fmt::format("{} of client '{}' is {} tables", key, client.name, records.size()),
          "one table", "write [{median = 1020, mean = 1155}]");
      return {};
    }
    const Entry& entry = records.front();
    LengthModel out;
    out.min = entry.integer("min");
    if (entry.has("max")) out.max = entry.integer("max");
    if (entry.has("quantiles")) {
      read_quantiles(entry, out);
    } else if (!entry.has("median")) {
      add(entry.origin, fmt::format("{} of client '{}' has no median", key, client.name), "median, or quantiles",
          "write [{median = 1020, mean = 1155}]");
      return {};
    } else {
      out.median = entry.number("median");
      if (const double mean = entry.has("mean") ? entry.number("mean") : out.median; mean < out.median) {
        add(entry.where("mean"), fmt::format("{} of client '{}' has a mean below its median", key, client.name),
            "a mean that is at least the median: lengths have a long tail", "look whether the two have changed places");
      } else {
        out.sigma = std::sqrt(2 * std::log(mean / out.median));
      }
    }
    if (out.max > 0 && out.max < out.min)
      add(entry.where("max"), fmt::format("{} of client '{}' has a max below its min", key, client.name), "min ≤ max",
          "look whether the two have changed places");
    return out;
  }

 private:
  void read_quantiles(const Entry& entry, LengthModel& out) {
    for (const std::string& text : entry.names("quantiles")) {
      char* end = nullptr;
      const double value = std::strtod(text.c_str(), &end);
      const bool is_good = end != text.c_str() && *end == '\0' && value >= 1 && value <= 1e8 &&
                           (out.quantiles.empty() || value >= out.quantiles.back());
      if (!is_good) {
        add(entry.where("quantiles"), "quantiles are tokens in rising order",
            "numbers of at least 1, none below the one before", "write [\"10\", \"200\", \"4000\"]");
        return;
      }
      out.quantiles.push_back(value);
    }
    if (out.quantiles.size() < 2)
      add(entry.where("quantiles"), "quantiles are fewer than two", "at least the shortest and the longest",
          "write [\"10\", \"200\", \"4000\"]");
  }

  void add(const Origin& origin, std::string message, std::string expected, std::string help) {
    file_.diagnostics.add({.code = Code::inconsistent,
                           .origin = origin,
                           .message = std::move(message),
                           .expected = std::move(expected),
                           .help = std::move(help)});
  }

  SectionFile& file_;
};

DayShape day_of(const Entry& entry, SectionFile& file) {
  if (entry.has("shape")) {
    DayShape day{};
    double sum = 0;
    for (int h = 0; h < 24; ++h) sum += day[static_cast<std::size_t>(h)] = at_hour(entry.series("shape"), h);
    if (!(sum > 0)) {
      file.diagnostics.add({.code = Code::inconsistent,
                            .origin = entry.where("shape"),
                            .message = fmt::format("shape of client '{}' is zero all day", entry.name),
                            .expected = "a positive value in at least one hour",
                            .help = "leave it out for an even day"});
      return peaked_day(1, 0);
    }
    for (double& hour : day) hour *= 24 / sum;
    return day;
  }
  const std::string& word = entry.text("day");
  if (word == "office") return office_day();
  return peaked_day(word == "peak" ? entry.number("peak_to_mean") : 1, static_cast<int>(entry.integer("peak_hour")));
}

Picoseconds time_of(const Entry& entry, std::string_view key, double unit_s) {
  return static_cast<Picoseconds>(std::llround(entry.number(key) * unit_s * 1e12));
}

ClientModel client_of(const Entry& entry, double utc_offset_h, SectionFile& file) {
  LengthReader lengths(file);
  ClientModel client;
  client.name = entry.name;
  if (entry.has("model")) client.model = entry.text("model");
  client.priority = static_cast<int32_t>(entry.integer("priority"));
  if (entry.has("place")) client.place = entry.text("place");
  client.requests_per_s = entry.number("requests");
  client.day = day_of(entry, file);
  client.utc_offset_h = entry.has("utc_offset") ? entry.number("utc_offset") : utc_offset_h;
  const std::string& arrivals = entry.text("arrivals");
  client.arrivals = arrivals == "gamma"     ? ArrivalKind::gamma
                    : arrivals == "weibull" ? ArrivalKind::weibull
                                            : ArrivalKind::poisson;
  client.cv = entry.number("cv");
  if (client.arrivals == ArrivalKind::poisson && client.cv != 1) {
    file.diagnostics.add({.code = Code::inconsistent,
                          .origin = entry.where("cv"),
                          .message = fmt::format("client '{}' has a cv, but its arrivals are poisson", entry.name),
                          .expected = "arrivals = \"gamma\" or \"weibull\"",
                          .help = "name one of them, or leave cv out: it is 1 of poisson"});
  }
  client.surge_cv = entry.number("surge");
  client.surge_time = time_of(entry, "surge_time", 1);
  client.turns_mean = entry.number("turns");
  client.think_mean = time_of(entry, "think_time", 1);
  client.token_time = time_of(entry, "token_time", 1e-3);
  client.shared_tokens = entry.integer("shared_tokens");
  client.input = lengths.read(entry, "input");
  client.output = lengths.read(entry, "output");
  client.reasoning_share = entry.number("reasoning_share");
  if (entry.has("reasoning")) {
    client.reasoning = lengths.read(entry, "reasoning");
  } else if (client.reasoning_share > 0) {
    file.diagnostics.add({.code = Code::inconsistent,
                          .origin = entry.where("reasoning_share"),
                          .message = fmt::format("client '{}' thinks, but reasoning is not told", entry.name),
                          .expected = "reasoning, the tokens of it",
                          .help = "add reasoning = [{median = 1800, mean = 3000}]"});
  }
  return client;
}

ReadTraffic make(SectionFile file, const std::string& name) {
  ReadTraffic out;
  out.file = std::move(file);
  if (!out.file.diagnostics.has_errors()) {
    TrafficModel model;
    model.name = model.title = name;
    if (const Entry* traffic = out.file.single("traffic")) {
      model.utc_offset_h = traffic->number("utc_offset");
      if (traffic->has("title")) model.title = traffic->text("title");
    }
    for (const Entry& entry : out.file.entries("client"))
      model.clients.push_back(client_of(entry, model.utc_offset_h, out.file));
    if (!(model.requests_per_s() > 0)) {
      out.file.diagnostics.add({.code = Code::missing_section,
                                .origin = {.file = 0, .line = 1, .column = 1},
                                .message = "the traffic has no requests",
                                .expected = "a [client.NAME] with requests",
                                .help = "add [client.chat] with requests, input and output"});
    }
    if (!out.file.diagnostics.has_errors()) out.model = std::move(model);
  }
  out.file.diagnostics.sort_and_limit(out.file.files);
  return out;
}

constexpr std::array<const Section*, 2> kSections{&kTrafficSection, &kClientSection};

struct Word {
  std::string_view word;
  std::string_view (*text)();
};
constexpr std::array kWords{Word{"korea-day", traffic_korea_day_text}, Word{"chat", traffic_chat_text},
                            Word{"reasoning", traffic_reasoning_text}};
constexpr std::array<std::string_view, 3> kWordNames{"korea-day", "chat", "reasoning"};

}  // namespace

constinit const Section kTrafficSection = {
    .name = "traffic",
    .title = "Traffic",
    .description = "A model of traffic as a whole.",
    .attributes = kTrafficAttributes,
    .single = true,
};

constinit const Section kClientSection = {
    .name = "client",
    .title = "Clients that are alike",
    .description =
        "Sessions begin at `requests / turns` a second, times the day's course and its surges; each has turns.",
    .attributes = kClientAttributes,
};

ReadTraffic read_traffic_model(const std::filesystem::path& path) {
  return make(read_sections(path, kSections), path.stem().string());
}

ReadTraffic read_traffic_text(const std::string& name, std::string_view text) {
  return make(read_sections_text(name + ".toml", text, kSections), name);
}

std::span<const std::string_view> traffic_words() {
  return kWordNames;
}

std::string_view traffic_word_text(std::string_view word) {
  const auto found = std::ranges::find(kWords, word, &Word::word);
  return found == kWords.end() ? std::string_view() : found->text();
}

}  // namespace beltline::serving
