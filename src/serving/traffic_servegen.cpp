#include "serving/traffic_servegen.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "serving/traffic_draws.h"
#include "serving/traffic_hash.h"
#include "serving/traffic_row.h"
#include "table/files.h"

namespace beltline::serving {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kFileBytesMax = std::size_t{256} << 20;

/// "chunk-12-trace.csv" → 12.
std::optional<uint64_t> chunk_of(std::string_view name, std::string_view end) {
  if (!name.starts_with("chunk-") || !name.ends_with(end)) return std::nullopt;
  const std::string_view digits = name.substr(6, name.size() - 6 - end.size());
  uint64_t number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || stop != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// A row of chunk-N-trace.csv.
struct ChunkRow {
  double begin_s = 0;
  double requests_per_s = 0;
  double shape = 1;
  bool is_weibull = false;
  bool is_empty = false;
};

/// "{12: 0.25, 40: 0.75}", as Python writes a dict of numbers.
std::optional<std::map<int64_t, double>> parse_shares(std::string_view text) {
  std::map<int64_t, double> out;
  const auto skip = [&] {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  };
  const auto take = [&](char c) {
    skip();
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
  };
  const auto take_value = [&]() -> std::optional<double> {
    skip();
    double value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || !std::isfinite(value) || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    return value;
  };
  if (!take('{')) return std::nullopt;
  while (!take('}')) {
    const auto length = take_value();
    if (!length || *length > static_cast<double>(kTokensMax) || !take(':')) return std::nullopt;
    const auto share = take_value();
    if (!share) return std::nullopt;
    out[static_cast<int64_t>(*length)] += *share;
    if (!take(',') && !text.starts_with('}')) return std::nullopt;
  }
  return out;
}

/// The same of a JSON value: a text as above, or an object.
std::optional<LengthShares> shares_of(const Json& value) {
  std::map<int64_t, double> shares;
  if (value.is_string()) {
    auto parsed = parse_shares(value.get_ref<const std::string&>());
    if (!parsed) return std::nullopt;
    shares = std::move(*parsed);
  } else if (value.is_object()) {
    for (const auto& [length, share] : value.items()) {
      const auto tokens = number_of(length);
      if (!tokens || *tokens < 0 || *tokens > static_cast<double>(kTokensMax) || !share.is_number() ||
          share.get<double>() < 0)
        return std::nullopt;
      shares[static_cast<int64_t>(*tokens)] += share.get<double>();
    }
  } else {
    return std::nullopt;
  }
  double all = 0;
  for (const auto& [length, share] : shares) all += share;
  if (!(all > 0)) return LengthShares{};
  LengthShares out;
  double sum = 0;
  for (const auto& [length, share] : shares) {
    if (share <= 0) continue;
    sum += share / all;
    out.sums.emplace_back(sum, std::max<int64_t>(1, length));
  }
  out.sums.back().first = 1;
  return out;
}

/// Reads the chunks of a folder, with all faults.
class PoolReader {
 public:
  PoolReader(fs::path folder, double from_s, double span_s)
      : folder_(std::move(folder)), from_s_(from_s), span_s_(span_s) {}

  ReadServeGen read() {
    std::map<uint64_t, int> chunks;  // bit 1: a trace, bit 2: a dataset
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
      const std::string name = entry.path().filename().string();
      if (const auto number = chunk_of(name, "-trace.csv")) chunks[*number] |= 1;
      if (const auto number = chunk_of(name, "-dataset.json")) chunks[*number] |= 2;
    }
    for (const auto& [number, there] : chunks) {
      if (there == 3) {
        read_client(number);
      } else {
        add(file(chunk_name(number, there == 1 ? "trace.csv" : "dataset.json"), ""), 0, 0,
            {.code = Code::file_unreadable,
             .message = "the client has but one of its two files",
             .expected = chunk_name(number, there == 1 ? "dataset.json" : "trace.csv"),
             .help = "fetch both files of each chunk"});
      }
    }
    if (chunks.empty()) {
      out_.diagnostics.add({.code = Code::file_unreadable,
                            .origin = {},
                            .message = "the folder has no clients of ServeGen",
                            .expected = "files chunk-0-trace.csv and chunk-0-dataset.json",
                            .help = "name the folder of one model, such as data/language/m-large"});
    }
    finish();
    return std::move(out_);
  }

 private:
  static std::string chunk_name(uint64_t number, const char* end) { return fmt::format("chunk-{}-{}", number, end); }

  int32_t file(const std::string& name, std::string text) { return out_.files.add(name, std::move(text)); }

  void add(int32_t file, uint32_t line, uint32_t column, Diagnostic diagnostic) {
    diagnostic.origin = {.file = file, .line = line, .column = column};
    out_.diagnostics.add(std::move(diagnostic));
  }

  std::optional<std::string> text_of(const std::string& name) {
    auto text = read_file(folder_ / name, kFileBytesMax);
    if (text) return std::move(*text);
    add(file(name, ""), 0, 0,
        {.code = Code::file_unreadable,
         .message = "the file cannot be read",
         .found = text.error().message,
         .help = "name another folder"});
    return std::nullopt;
  }

  void read_client(uint64_t number) {
    const std::vector<ChunkRow> rows = read_rows(chunk_name(number, "trace.csv"));
    const auto datasets = read_datasets(chunk_name(number, "dataset.json"));
    ServeGenClient client{.number = number};
    std::map<double, std::size_t> index;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const ChunkRow& row = rows[i];
      // the last row lasts as long as the one before it
      const double end_s = i + 1 < rows.size() ? rows[i + 1].begin_s
                           : i > 0             ? row.begin_s + (row.begin_s - rows[i - 1].begin_s)
                                               : row.begin_s + 600;
      end_s_ = std::max(end_s_, end_s - from_s_);
      if (row.is_empty || row.requests_per_s <= 0 || end_s <= from_s_ || row.begin_s >= from_s_ + span_s_) continue;
      if (datasets.empty()) {
        if (!out_.diagnostics.has_errors())
          add(file(chunk_name(number, "dataset.json"), ""), 0, 0,
              {.code = Code::file_empty,
               .message = "the client has requests but no lengths",
               .help = "fetch the file again"});
        break;
      }
      auto found = datasets.upper_bound(row.begin_s);
      // before the first one, lengths are those of the first
      if (found != datasets.begin()) --found;
      const auto [known, is_new] = index.try_emplace(found->first, client.lengths.size());
      if (is_new) client.lengths.push_back(found->second);
      client.windows.push_back({.begin_s = std::max(0.0, row.begin_s - from_s_),
                                .end_s = std::min(end_s - from_s_, span_s_),
                                .requests_per_s = row.requests_per_s,
                                .shape = row.shape,
                                .is_weibull = row.is_weibull,
                                .lengths = known->second});
    }
    if (!client.windows.empty()) pool_.clients.push_back(std::move(client));
  }

  std::vector<ChunkRow> read_rows(const std::string& name) {
    const auto text = text_of(name);
    if (!text) return {};
    std::vector<ChunkRow> rows;
    std::vector<TraceCell> cells;
    int32_t kept = -1;  // the file, once a fault needs it
    uint32_t number = 0;
    for (std::string_view left = *text; !left.empty();) {
      const std::size_t end = left.find('\n');
      std::string_view line = left.substr(0, end);
      left = end == std::string_view::npos ? std::string_view() : left.substr(end + 1);
      ++number;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) continue;
      const auto fault = [&](uint32_t column, Diagnostic diagnostic) {
        if (kept < 0) kept = file(name, *text);
        add(kept, number, column, std::move(diagnostic));
      };
      if (!cut_cells(line, cells) || cells.size() != 6) {
        fault(1, {.code = Code::csv_short_row,
                  .message = "the row is not second, rate, cv, pattern and its two numbers",
                  .found = fmt::format("{} cells", cells.size()),
                  .expected = fmt::format("{} cells", 6),
                  .help = "fetch the file again"});
        continue;
      }
      ChunkRow row{.is_empty = cells[3].text.empty()};
      row.is_weibull = cells[3].text == "Weibull";
      const auto begin = number_of(cells[0].text);
      const auto rate = row.is_empty ? std::optional<double>(0) : number_of(cells[1].text);
      const auto shape =
          row.is_empty || cells[3].text == "Exponential" ? std::optional<double>(1) : number_of(cells[4].text);
      if (!begin || !rate || !shape || *rate < 0 || *shape <= 0) {
        fault(1, {.code = Code::csv_bad_value,
                  .message = "the row has a value that cannot be",
                  .found = printable(line),
                  .expected = "a second, a rate of at least 0 and a positive shape",
                  .help = "fetch the file again"});
        continue;
      }
      if (!row.is_empty && !row.is_weibull && cells[3].text != "Gamma" && cells[3].text != "Exponential") {
        fault(cells[3].column, {.code = Code::bad_choice,
                                .message = "the pattern of arrivals is not known",
                                .found = printable(cells[3].text),
                                .expected = "Gamma, Weibull, Exponential, or nothing for a window without requests",
                                .help = "name one of them"});
        continue;
      }
      row.begin_s = *begin;
      row.requests_per_s = *rate;
      row.shape = std::clamp(*shape, 0.05, 1e6);
      if (!rows.empty() && row.begin_s <= rows.back().begin_s) {
        fault(1, {.code = Code::inconsistent,
                  .message = "time goes backwards",
                  .found = fmt::format("{:g} s", row.begin_s),
                  .expected = fmt::format("more than {:g} s", rows.back().begin_s),
                  .help = "sort the rows by time"});
        continue;
      }
      rows.push_back(row);
    }
    return rows;
  }

  std::map<double, std::pair<LengthShares, LengthShares>> read_datasets(const std::string& name) {
    const auto text = text_of(name);
    if (!text) return {};
    const Json json = Json::parse(*text, nullptr, false);
    if (!json.is_object()) {
      const bool is_pointer = text->starts_with("version https://git-lfs");
      add(file(name, ""), 0, 0,
          {.code = Code::file_syntax,
           .message = "the file is no JSON object",
           .found = is_pointer ? "a pointer of Git LFS" : "other text",
           .expected = "lengths by second",
           .help = is_pointer ? "fetch what it points to: git lfs pull" : "fetch the file again"});
      return {};
    }
    std::map<double, std::pair<LengthShares, LengthShares>> out;
    for (const auto& [second, fields] : json.items()) {
      const auto begin = number_of(second);
      const bool has_both = fields.is_object() && fields.contains("input_tokens") && fields.contains("output_tokens");
      const auto input = has_both ? shares_of(fields["input_tokens"]) : std::nullopt;
      const auto output = has_both ? shares_of(fields["output_tokens"]) : std::nullopt;
      if (!begin || !input || !output) {
        add(file(name, ""), 0, 0,
            {.code = Code::csv_bad_value,
             .message = "the lengths of a window cannot be read",
             .found = printable(second),
             .expected = "input_tokens and output_tokens, each lengths with their shares",
             .help = "fetch the file again"});
        if (out_.diagnostics.error_count() > 100) return {};
        continue;
      }
      // a window in which nobody asked has no lengths
      if (!input->sums.empty() && !output->sums.empty()) out.emplace(*begin, std::pair(*input, *output));
    }
    return out;
  }

  void finish() {
    pool_.duration = static_cast<Picoseconds>(std::min({span_s_, end_s_, 8'640'000.0}) * 1e12);
    if (!out_.diagnostics.has_errors() && !(pool_.requests_per_s() > 0)) {
      out_.diagnostics.add({.code = Code::empty_window,
                            .origin = {},
                            .message = "the clients have no request in the time asked for",
                            .help = "take another part of it: --from, --duration"});
    }
    out_.diagnostics.sort_and_limit(out_.files);
    if (!out_.diagnostics.has_errors()) out_.pool = std::move(pool_);
  }

  fs::path folder_;
  double from_s_, span_s_;
  double end_s_ = 0;
  ServeGenPool pool_;
  ReadServeGen out_;
};

}  // namespace

int64_t LengthShares::at(double share) const {
  const auto found = std::ranges::lower_bound(sums, share, {}, &std::pair<double, int64_t>::first);
  return found == sums.end() ? sums.back().second : found->second;
}

double LengthShares::mean() const {
  double mean = 0, before = 0;
  for (const auto& [sum, length] : sums) {
    mean += (sum - before) * static_cast<double>(length);
    before = sum;
  }
  return mean;
}

double ServeGenPool::requests_per_s() const {
  double requests = 0;
  for (const ServeGenClient& client : clients) {
    for (const auto& window : client.windows) requests += window.requests_per_s * (window.end_s - window.begin_s);
  }
  return duration > 0 ? requests / (static_cast<double>(duration) / static_cast<double>(kSecond)) : 0;
}

MeanRequest ServeGenPool::mean() const {
  double requests = 0, input = 0, output = 0;
  for (const ServeGenClient& client : clients) {
    for (const auto& window : client.windows) {
      const double count = window.requests_per_s * (window.end_s - window.begin_s);
      requests += count;
      input += count * client.lengths[window.lengths].first.mean();
      output += count * client.lengths[window.lengths].second.mean();
    }
  }
  return requests > 0 ? MeanRequest{.input = input / requests, .output = output / requests} : MeanRequest{};
}

ReadServeGen read_servegen(const fs::path& folder, Picoseconds from, Picoseconds duration) {
  const double from_s = static_cast<double>(from) / static_cast<double>(kSecond);
  const double span_s = duration < 0 ? 1e12 : static_cast<double>(duration) / static_cast<double>(kSecond);
  return PoolReader(folder, from_s, span_s).read();
}

bool is_servegen(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return false;
  return std::ranges::any_of(fs::directory_iterator(path, error), [](const fs::directory_entry& entry) {
    return chunk_of(entry.path().filename().string(), "-trace.csv").has_value();
  });
}

ServeGenTraffic::ServeGenTraffic(const ServeGenPool& pool, uint64_t seed, double scale, int64_t context)
    : pool_(pool), seed_(seed), scale_(scale), context_(context), states_(pool.clients.size()) {
  for (std::size_t c = 0; c < states_.size(); ++c) advance(c);
}

void ServeGenTraffic::advance(std::size_t c) {
  const ServeGenClient& client = pool_.clients[c];
  State& state = states_[c];
  if (state.window >= client.windows.size()) return;
  TrafficDraws draws(seed_, hash_of(0x5E27E6E4, client.number), state.requests);
  const auto gap_in = [&](const ServeGenClient::Window& window) {
    return window.is_weibull ? draws.weibull_mean1(window.shape) : draws.gamma_mean1(window.shape);
  };
  // the gap is in units of its mean, and passes as fast as each window's rate
  double gap = gap_in(client.windows[state.window]);
  while (state.window < client.windows.size()) {
    const auto& window = client.windows[state.window];
    state.at_s = std::max(state.at_s, window.begin_s);
    const double rate = scale_ * window.requests_per_s;
    if (state.at_s + gap / rate < window.end_s) {
      state.at_s += gap / rate;
      ++state.requests;
      arrivals_.push({state.at_s, c});
      return;
    }
    gap -= (window.end_s - state.at_s) * rate;
    state.at_s = window.end_s;
    ++state.window;
  }
}

bool ServeGenTraffic::next(TrafficRequest& request) {
  if (arrivals_.empty()) return false;
  const Arrival arrival = arrivals_.top();
  arrivals_.pop();
  const ServeGenClient& client = pool_.clients[arrival.client];
  const State& state = states_[arrival.client];
  TrafficDraws draws(seed_, hash_of(0x1E469745, client.number), state.requests);
  const auto& [input, output] = client.lengths[client.windows[state.window].lengths];
  request.arrival = static_cast<Picoseconds>(arrival.at_s * 1e12);
  request.input_tokens = input.at(draws.uniform());
  request.output_tokens = output.at(draws.uniform());
  request.model = request.place = 0;
  request.session = 0;
  request.pieces.clear();
  if (context_ > 0 && request.input_tokens + request.output_tokens > context_) {
    ++cut_;
    request.input_tokens = std::min(request.input_tokens, context_ - 1);
    request.output_tokens = std::min(request.output_tokens, context_ - request.input_tokens);
  }
  advance(arrival.client);
  return true;
}

}  // namespace beltline::serving
