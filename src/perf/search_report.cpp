#include "perf/search_report.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "perf/coefficients.h"

namespace beltline::perf {

namespace {

using Json = nlohmann::ordered_json;

/// A text in both languages.
struct Words {
  std::string_view english;
  std::string_view korean;
};

class Speaker {
 public:
  explicit Speaker(Language language) : language_(language) {}
  [[nodiscard]] std::string_view operator()(Words words) const {
    return language_ == Language::korean ? words.korean : words.english;
  }
  template <class... Values>
  [[nodiscard]] std::string say(Words words, const Values&... values) const {
    return fmt::format(fmt::runtime((*this)(words)), values...);
  }

 private:
  Language language_;
};

/// Four significant digits, with thousands apart: "126,300", "0.1861".
std::string number(double value) {
  if (!std::isfinite(value)) return "–";
  if (std::abs(value) < 1000) return fmt::format("{:.4g}", value);
  const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) - 3);
  std::string digits = fmt::format("{:.0f}", std::round(value / unit) * unit);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string seconds_text(double seconds) {
  if (!std::isfinite(seconds)) return "–";
  return seconds < 1 ? fmt::format("{:.3g} ms", seconds * 1e3) : fmt::format("{:.3g} s", seconds);
}

double per_accelerator(const RackPoint& point, const Rack& rack) {
  return point.output_tokens_per_s / rack.accelerators;
}

double joules_per_token(const RackPoint& point) {
  return point.power_W / point.output_tokens_per_s;
}

Words basis_words(Basis basis) {
  constexpr std::array<Words, 4> kWords = {
      {{"measured kernels", "측정한 커널"},
       {"between measured kernels", "측정값 사이 보간"},
       {"beyond measured kernels, scaled from them", "측정 범위 밖, 측정값에서 외삽"},
       {"equations alone (docs/serving-model.md says how far off they are)",
        "식으로만 계산 (오차는 docs/serving-model.md 참조)"}}};
  return kWords[static_cast<std::size_t>(basis)];
}

struct NamedBasis {
  Words words;
  std::string_view name;
  Basis basis;
};

/// The parts that take time in these steps.
std::vector<NamedBasis> parts_of(const RackPoint& point) {
  const PartBases& b = point.bases;
  const Deployment& d = point.decode.cost->deployment();
  std::vector<NamedBasis> out = {{{"projections", "행렬곱"}, "projections", b.projections},
                                 {{"attention", "어텐션"}, "attention", b.attention}};
  if (d.architecture.is_mixture()) out.push_back({{"experts", "전문가"}, "experts", b.experts});
  const bool is_one = d.parallelism.accelerators() == 1 &&
                      (!point.prompts || point.prompts->cost->deployment().parallelism.accelerators() == 1);
  if (!is_one) out.push_back({{"messages", "통신"}, "messages", b.messages});
  out.push_back({{"output head", "출력층"}, "head", b.head});
  return out;
}

/// One word where all parts rest on the same, else part by part.
std::string basis_text(const RackPoint& point, const Speaker& speak) {
  const std::vector<NamedBasis> parts = parts_of(point);
  const bool is_same = std::ranges::all_of(parts, [&](const NamedBasis& p) { return p.basis == parts[0].basis; });
  if (is_same) return fmt::format("{}: {}", name_of(parts[0].basis), speak(basis_words(parts[0].basis)));
  std::string out;
  for (const NamedBasis& part : parts) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", speak(part.words), name_of(part.basis));
  }
  return out;
}

/// Whether nothing of this generation was measured that its coefficients could be fitted on.
bool is_assumed(const SearchReport& r) {
  const KernelCoefficients* const kernels = find_kernels(r.rack.accelerator.generation);
  return kernels != nullptr && kernels->is_assumed;
}

std::string pool_text(const Pool& pool, const Speaker& speak) {
  const Deployment& d = pool.cost->deployment();
  return speak.say(
      {"{} x {}, weights {}, keys and values {}, {} sequences each", "{} x {}, 가중치 {}, KV {}, 복제본당 시퀀스 {}개"},
      pool.replicas, split_text(d.parallelism), numbers_text(d), name_of(d.quantisation.kv_cache),
      number(std::ceil(pool.sequences)));
}

std::string level_text(const SearchReport& r, const Speaker& speak) {
  std::string out;
  if (std::isfinite(r.level.ttft_s)) out += fmt::format(", TTFT <= {}", seconds_text(r.level.ttft_s));
  if (std::isfinite(r.level.tpot_s)) out += fmt::format(", TPOT <= {}", seconds_text(r.level.tpot_s));
  if (out.empty()) out = speak({", no service level", ", 서비스 수준 없음"});
  return out;
}

std::string head_text(const SearchReport& r, const Speaker& speak) {
  std::string out = fmt::format("{} · {}\n", printable(r.model.architecture.title), printable(r.rack.title));
  out += speak.say({"{} tokens in, {} out", "입력 {}토큰, 출력 {}토큰"},
                   number(static_cast<double>(r.workload.input_tokens)),
                   number(static_cast<double>(r.workload.output_tokens)));
  if (r.workload.cached_share > 0) {
    out += speak.say({", {:.0f} % of the input cached", ", 입력의 {:.0f} %는 캐시"}, 100 * r.workload.cached_share);
  }
  if (!r.defaults.empty()) {
    out += speak.say({" ({}: by default)", " ({}: 기본값)"}, fmt::format("{}", fmt::join(r.defaults, ", ")));
  }
  return out + level_text(r, speak) + "\n\n";
}

std::string none_text(const SearchReport& r, const Speaker& speak) {
  return speak.say(
      {"No way to serve it meets this level. With one request at a time, the least TTFT is {} and the least "
       "TPOT {}.\n",
       "이 서비스 수준을 지키는 구성이 없습니다. 요청 하나만 처리할 때 가장 짧은 TTFT는 {}, 가장 짧은 "
       "TPOT는 {}입니다.\n"},
      seconds_text(r.reach.ttft_s), seconds_text(r.reach.tpot_s));
}

/// What --precision fp4 would yield, against the best way of those looked at.
std::string fp4_text(const SearchReport& r, const Speaker& speak) {
  const std::string rate = number(r.in_fp4->output_tokens_per_s);
  if (r.ranking.empty()) {
    return speak.say({"--precision fp4 meets it with {} output tokens/s a rack, where its quality is enough\n",
                      "--precision fp4로는 랙당 출력 {} 토큰/s로 지킬 수 있습니다 (품질이 충분한 경우)\n"},
                     rate);
  }
  const double more = 100 * (r.in_fp4->output_tokens_per_s / r.ranking.front().output_tokens_per_s - 1);
  return speak.say({"--precision fp4 would give {} output tokens/s a rack ({:+.0f} %), where its quality is enough",
                    "--precision fp4로는 랙당 출력 {} 토큰/s ({:+.0f} %), 품질이 충분한 경우"},
                   rate, more);
}

std::string best_text(const SearchReport& r, const Speaker& speak) {
  const RackPoint& best = r.ranking.front();
  std::string out;
  const auto line = [&](Words label, const std::string& text) {
    const std::string_view head = speak(label);
    out +=
        fmt::format("{}{}{}\n", head,
                    std::string(std::max<std::size_t>(1, 14 - std::min<std::size_t>(13, width_of(head))), ' '), text);
  };
  if (best.prompts) {
    line({"decode", "디코드"}, pool_text(best.decode, speak));
    line({"prompts", "프리필"}, pool_text(*best.prompts, speak));
  } else {
    line({"replicas", "복제본"}, pool_text(best.decode, speak) +
                                     std::string(speak({"; prompts and decodes together", ", 프리필·디코드 함께"})));
  }
  if (best.racks > 1) {
    line({"racks", "랙"}, speak.say({"they stand on {} racks together", "랙 {}대에 걸침"}, best.racks));
  }
  line({"tokens", "토큰"},
       speak.say({"{} output tokens/s a rack, {} an accelerator, {} a user; {} input tokens/s a rack",
                  "랙당 출력 {} 토큰/s, 가속기당 {}, 사용자당 {}, 랙당 입력 {} 토큰/s"},
                 number(best.output_tokens_per_s), number(per_accelerator(best, r.rack)),
                 number(best.tokens_per_s_user()), number(best.input_tokens_per_s)));
  line({"latency", "지연"}, fmt::format("TTFT {}, TPOT {}", seconds_text(best.ttft_s), seconds_text(best.tpot_s)));
  line({"power", "전력"},
       speak.say({"{:.1f} kW a rack of {:.0f}, {} J an output token", "랙당 {:.1f} kW (최대 {:.0f}), 출력 토큰당 {} J"},
                 best.power_W / 1e3, r.rack.power_W / 1e3, number(joules_per_token(best))));
  const double price = r.costs.price_USD > 0 ? r.costs.price_USD : r.rack.price_USD;
  if (price > 0) {
    line({"cost", "비용"},
         speak.say({"USD {} a million output tokens: {} million USD a rack over {:g} years, {:g} USD/kWh, PUE {:g}, "
                    "{:.0f} % use",
                    "출력 백만 토큰당 {} 달러: 랙 {}백만 달러, 수명 {:g}년, {:g} 달러/kWh, PUE {:g}, 이용률 {:.0f} %"},
                   number(usd_per_million_output_tokens(best, r.rack, r.costs)), number(price / 1e6),
                   r.costs.life_years, r.costs.power_USD_kWh, r.costs.pue, 100 * r.costs.use));
  } else {
    line({"cost", "비용"}, std::string(speak({"the price of this rack is not known: give --price",
                                              "랙 가격을 알 수 없음: --price로 지정"})));
  }
  if (r.racks > 1) {
    line({"in all", "합계"},
         speak.say({"{} racks: {} output tokens/s, {:.2f} MW", "랙 {}대: 출력 {} 토큰/s, {:.2f} MW"}, r.racks,
                   number(r.racks * best.output_tokens_per_s), r.racks * best.power_W / 1e6));
  }
  if (r.in_fp4) line({"in fp4", "fp4"}, fp4_text(r, speak));
  line({"basis", "근거"}, basis_text(best, speak));
  if (is_assumed(r)) {
    line({"", ""}, speak.say({"no kernels of generation {} are published: its coefficients are assumed",
                              "{} 세대의 커널 측정값이 공개되지 않아 계수를 가정함"},
                             printable(r.rack.accelerator.generation)));
  }
  line({"model", "모델"},
       fmt::format("{} [{}]", printable(r.model.architecture.source, 160), printable(r.model.confidence)));
  line({"rack", "랙 자료"}, fmt::format("{} [{}]{}{}", printable(r.rack.source, 160), printable(r.rack_confidence),
                                        r.rack_note.empty() ? "" : "; ", printable(r.rack_note, 200)));
  return out;
}

void push(Table& table, std::size_t& column, double value) {
  std::get<std::vector<double>>(table.columns[column++].values).push_back(value);
}

void push(Table& table, std::size_t& column, std::string value) {
  std::get<std::vector<std::string>>(table.columns[column++].values).push_back(std::move(value));
}

/// The columns that a terminal has room for.
Table narrow_table(const std::vector<RackPoint>& points, const SearchReport& r, const Speaker& speak) {
  Table table;
  const auto text = [&](Words words) { table.add_texts(std::string(speak(words))); };
  const auto numbers = [&](Words words, const char* unit) { table.add_numbers(std::string(speak(words)), unit); };
  text({"decode", "디코드"});
  text({"prompts", "프리필"});
  text({"weights", "가중치"});
  numbers({"batch", "배치"}, "");
  numbers({"user", "사용자당"}, "token/s");
  numbers({"accelerator", "가속기당"}, "token/s");
  numbers({"rack", "랙당"}, "token/s");
  numbers({"TTFT", "TTFT"}, "s");
  numbers({"TPOT", "TPOT"}, "ms");
  numbers({"power", "전력"}, "kW");
  numbers({"cost", "비용"}, "USD/Mtoken");
  for (const RackPoint& point : points) {
    std::size_t column = 0;
    const auto pool = [](const Pool& p) {
      return fmt::format("{} x {}", p.replicas, split_text(p.cost->deployment().parallelism));
    };
    push(table, column, pool(point.decode));
    push(table, column, point.prompts ? pool(*point.prompts) : std::string(speak({"with them", "함께"})));
    push(table, column, numbers_text(point.decode.cost->deployment()));
    push(table, column, std::ceil(point.decode.sequences));
    push(table, column, point.tokens_per_s_user());
    push(table, column, per_accelerator(point, r.rack));
    push(table, column, std::round(point.output_tokens_per_s));
    push(table, column, point.ttft_s);
    push(table, column, point.tpot_s * 1e3);
    push(table, column, point.power_W / 1e3);
    push(table, column, usd_per_million_output_tokens(point, r.rack, r.costs));
  }
  return table;
}

Json pool_json(const Pool& pool) {
  const Deployment& d = pool.cost->deployment();
  const Parallelism& p = d.parallelism;
  return {{"replicas", pool.replicas},
          {"accelerators", p.accelerators()},
          {"split", split_text(p)},
          {"tensor", p.tensor},
          {"pipeline", p.pipeline},
          {"attention_data", p.attention_data},
          {"expert_tensor", p.expert_tensor},
          {"expert_parallel", p.expert_parallel},
          {"weights", name_of(d.quantisation.weights)},
          {"experts", name_of(d.quantisation.experts)},
          {"kv_cache", name_of(d.quantisation.kv_cache)},
          {"weights_only", d.quantisation.weights_only},
          {"sequences", pool.sequences}};
}

Json finite(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json parts_json(const RackPoint& point) {
  Json out = Json::object();
  for (const NamedBasis& part : parts_of(point)) out[std::string(part.name)] = name_of(part.basis);
  return out;
}

Json point_json(const RackPoint& point, const SearchReport& r) {
  return {{"serving", point.prompts ? "disaggregated" : "aggregated"},
          {"decode", pool_json(point.decode)},
          {"prompts", point.prompts ? pool_json(*point.prompts) : Json(nullptr)},
          {"racks", point.racks},
          {"output_tokens_per_s_user", point.tokens_per_s_user()},
          {"output_tokens_per_s_accelerator", per_accelerator(point, r.rack)},
          {"output_tokens_per_s_rack", point.output_tokens_per_s},
          {"input_tokens_per_s_rack", point.input_tokens_per_s},
          {"requests_per_s_rack", point.requests_per_s},
          {"ttft_s", point.ttft_s},
          {"tpot_s", point.tpot_s},
          {"prompt_use", point.prompt_use},
          {"power_W_rack", point.power_W},
          {"energy_J_token", joules_per_token(point)},
          {"usd_Mtoken", finite(usd_per_million_output_tokens(point, r.rack, r.costs))},
          {"basis", name_of(point.bases.worst())},
          {"basis_by_part", parts_json(point)}};
}

Json points_json(const std::vector<RackPoint>& points, const SearchReport& r) {
  Json out = Json::array();
  for (const RackPoint& point : points) out.push_back(point_json(point, r));
  return out;
}

}  // namespace

std::string split_text(const Parallelism& split) {
  std::string out;
  const auto add = [&](std::string_view name, int32_t count) {
    if (count > 1) out += fmt::format("{}{}{}", out.empty() ? "" : " ", name, count);
  };
  add("TP", split.tensor);
  add("PP", split.pipeline);
  add("DP", split.attention_data);
  add("EP", split.expert_parallel);
  if (split.expert_tensor != split.tensor) add("ET", split.expert_tensor);
  return out.empty() ? "TP1" : out;
}

std::string numbers_text(const Deployment& deployment) {
  const Quantisation& q = deployment.quantisation;
  std::string out(name_of(q.weights));
  if (deployment.architecture.is_mixture() && q.experts != q.weights) {
    out += fmt::format(", experts {}", name_of(q.experts));
  }
  return q.weights_only ? out + " widened to bf16" : out;
}

std::string search_text(const SearchReport& report, Language language) {
  const Speaker speak(language);
  std::string out = head_text(report, speak);
  if (report.ranking.empty()) {
    out += none_text(report, speak);
    if (report.in_fp4) out += fp4_text(report, speak);
  } else {
    out += best_text(report, speak);
    if (report.ranking.size() > 1) {
      out += speak({"\nThe best of each split, output tokens:\n", "\n분할별 최선 (출력 토큰 기준):\n"});
      out += to_text(narrow_table(report.ranking, report, speak));
    }
  }
  if (!report.front.empty()) {
    out += speak({"\nFrom the fastest user to the fullest rack, at this TTFT (none is beaten in both):\n",
                  "\n사용자 속도와 랙 처리량의 파레토 전선 (같은 TTFT):\n"});
    out += to_text(narrow_table(report.front, report, speak), 60);
  }
  return out;
}

std::string search_json(const SearchReport& r) {
  Json json = {{"ok", !r.ranking.empty()},
               {"model", r.model.architecture.name},
               {"parameters", parameters(r.model.architecture)},
               {"model_source", r.model.architecture.source},
               {"model_confidence", r.model.confidence},
               {"rack", r.rack.name},
               {"accelerator", r.rack.accelerator.name},
               {"accelerators_rack", r.rack.accelerators},
               {"rack_source", r.rack.source},
               {"rack_confidence", r.rack_confidence},
               {"coefficients_assumed", is_assumed(r)},
               {"engine", r.engine},
               {"input_tokens", r.workload.input_tokens},
               {"output_tokens", r.workload.output_tokens},
               {"cached_share", r.workload.cached_share},
               {"ttft_s_max", finite(r.level.ttft_s)},
               {"tpot_s_max", finite(r.level.tpot_s)},
               {"price_USD_rack", finite(r.costs.price_USD > 0 ? r.costs.price_USD : r.rack.price_USD)},
               {"life_years", r.costs.life_years},
               {"power_USD_kWh", r.costs.power_USD_kWh},
               {"pue", r.costs.pue},
               {"use", r.costs.use},
               {"racks", r.racks},
               {"best", r.ranking.empty() ? Json(nullptr) : point_json(r.ranking.front(), r)},
               {"in_fp4", r.in_fp4 ? point_json(*r.in_fp4, r) : Json(nullptr)},
               {"ranking", points_json(r.ranking, r)},
               {"front", points_json(r.front, r)},
               {"reach", {{"ttft_s", finite(r.reach.ttft_s)}, {"tpot_s", finite(r.reach.tpot_s)}}}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Table search_table(const SearchReport& r) {
  Table table{.name = "perf", .title = "Ways to serve a model on a rack", .columns = {}};
  for (const char* const name :
       {"list", "model", "rack", "serving", "decode_split", "prompt_split", "weights", "kv_cache", "basis"}) {
    table.add_texts(name);
  }
  constexpr std::pair<const char*, const char*> kNumbers[] = {{"racks", ""},
                                                              {"decode_replicas", ""},
                                                              {"decode_sequences", ""},
                                                              {"prompt_replicas", ""},
                                                              {"tokens_user", "token/s"},
                                                              {"tokens_accelerator", "token/s"},
                                                              {"tokens_rack", "token/s"},
                                                              {"input_tokens_rack", "token/s"},
                                                              {"ttft", "s"},
                                                              {"tpot", "s"},
                                                              {"power_rack", "kW"},
                                                              {"energy_token", "J"},
                                                              {"cost", "USD/Mtoken"}};
  for (const auto& [name, unit] : kNumbers) table.add_numbers(name, unit);
  const auto add = [&](const char* list, const RackPoint& point) {
    const Deployment& d = point.decode.cost->deployment();
    std::size_t column = 0;
    push(table, column, std::string(list));
    push(table, column, r.model.architecture.name);
    push(table, column, r.rack.name);
    push(table, column, std::string(point.prompts ? "disaggregated" : "aggregated"));
    push(table, column, split_text(d.parallelism));
    push(table, column, point.prompts ? split_text(point.prompts->cost->deployment().parallelism) : std::string());
    push(table, column, numbers_text(d));
    push(table, column, std::string(name_of(d.quantisation.kv_cache)));
    push(table, column, std::string(name_of(point.bases.worst())));
    for (const double value :
         {static_cast<double>(point.racks), static_cast<double>(point.decode.replicas), point.decode.sequences,
          point.prompts ? static_cast<double>(point.prompts->replicas) : 0.0, point.tokens_per_s_user(),
          per_accelerator(point, r.rack), point.output_tokens_per_s, point.input_tokens_per_s, point.ttft_s,
          point.tpot_s, point.power_W / 1e3, joules_per_token(point),
          usd_per_million_output_tokens(point, r.rack, r.costs)}) {
      push(table, column, value);
    }
  };
  for (const RackPoint& point : r.ranking) add("ranking", point);
  for (const RackPoint& point : r.front) add("front", point);
  return table;
}

}  // namespace beltline::perf
