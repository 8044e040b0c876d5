#include "base/unit_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace beltline {
namespace {

constexpr std::size_t kSizeMax = 200;
constexpr std::size_t kExponentDigitsMax = 2;
constexpr std::size_t kNumberSizeMax = 20;
constexpr int kDepthMax = 8;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

struct Multiplier {
  std::string_view word;
  std::string_view value;
};
// written before a unit and a blank: "M USD"; alone, M is a prefix that UDUNITS wants joined to its unit
constexpr std::array kMultipliers{Multiplier{"k", "1e3"},       Multiplier{"thousand", "1e3"}, Multiplier{"M", "1e6"},
                                  Multiplier{"million", "1e6"}, Multiplier{"B", "1e9"},        Multiplier{"bn", "1e9"},
                                  Multiplier{"billion", "1e9"}, Multiplier{"trillion", "1e12"}};

constexpr std::array kPrefixes{Multiplier{"k", "1e3"}, Multiplier{"M", "1e6"}, Multiplier{"G", "1e9"},
                               Multiplier{"T", "1e12"}};

// currencies that a scenario may well write without having put them into its money table
constexpr std::array<std::string_view, 14> kCurrencyCodes{"AED", "AUD", "CAD", "CHF", "CNY", "EUR", "GBP",
                                                          "HKD", "INR", "JPY", "KRW", "SGD", "TWD", "USD"};

// signs beyond ASCII that UDUNITS reads: micro, degree, product, square, cube
constexpr std::array<std::string_view, 7> kSigns{"µ", "μ", "°", "·", "×", "²", "³"};

/// Whether the word is a currency code, alone or with a price year: EUR, KRW2024.
bool looks_like_currency(std::string_view word) {
  const std::size_t letters = static_cast<std::size_t>(std::ranges::find_if_not(word, is_upper) - word.begin());
  const std::string_view digits = word.substr(letters);
  if (digits.empty()) return std::ranges::find(kCurrencyCodes, word) != kCurrencyCodes.end() && word != "USD";
  return letters == 3 && digits.size() == 4 && std::ranges::all_of(digits, is_digit);
}

/// The reader of one unit text.
class Reader {
 public:
  Reader(std::string_view text, const Currencies& currencies) : text_(text), currencies_(currencies) {}

  std::expected<std::string, UnitTextFault> read() {
    multiplier();
    if (text_.starts_with('/')) out_ = "1";  // "0.05 /year": how often
    while (at_ < text_.size() && !fault_) step();
    if (!fault_ && depth_ != 0) fail(text_);
    if (fault_) return std::unexpected(*fault_);
    return std::move(out_);
  }

 private:
  void fail(std::string_view word, bool is_currency = false) {
    if (!fault_) fault_ = UnitTextFault{is_currency, std::string(word)};
  }

  void multiplier() {
    const std::size_t blank = text_.find(' ');
    if (blank == std::string_view::npos) return;
    const std::size_t next = text_.find_first_not_of(' ', blank);
    if (next == std::string_view::npos || !is_letter(text_[next])) return;
    for (const Multiplier& m : kMultipliers) {
      if (text_.substr(0, blank) != m.word) continue;
      out_ = std::string(m.value) + " ";
      at_ = next;
    }
  }

  void step() {
    const char c = text_[at_];
    if (is_letter(c)) return word();
    if (is_digit(c)) return number();
    if (static_cast<unsigned char>(c) >= 0x80) return sign();
    if (std::string_view(" ()/*.^+-%").find(c) == std::string_view::npos) return fail(text_.substr(at_, 1));
    if (c == '(' && ++depth_ > kDepthMax) return fail(text_);
    if (c == ')' && --depth_ < 0) return fail(text_);
    // a sign belongs to an exponent: "m-2", "m^-2"; between words '-' is UDUNITS' product, as in "N-m"
    if (c == '+' || c == '-') {
      const bool after = at_ > 0 && (is_letter(text_[at_ - 1]) || text_[at_ - 1] == '^');
      const bool before =
          at_ + 1 < text_.size() && (is_digit(text_[at_ + 1]) || (c == '-' && is_letter(text_[at_ + 1])));
      if (!after || !before) return fail(text_);
    }
    out_ += c;
    ++at_;
  }

  void sign() {
    for (const std::string_view s : kSigns) {
      if (!text_.substr(at_).starts_with(s)) continue;
      out_ += s;
      at_ += s.size();
      return;
    }
    fail(text_);
  }

  /// A number that is not glued to a word: after '(', '/', or as a leading 1; or an exponent after '^', '-', '+', '**'.
  void number() {
    std::size_t end = at_;
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) ++end;
    const bool is_exponent = at_ > 0 && std::string_view("^+-*").find(text_[at_ - 1]) != std::string_view::npos;
    if (is_exponent) {
      const bool whole = std::ranges::all_of(text_.substr(at_, end - at_), is_digit);
      const bool power = text_[at_ - 1] != '*' || (at_ > 1 && text_[at_ - 2] == '*');
      if (!whole || !power || end - at_ > kExponentDigitsMax) return fail(text_);
    } else {
      if (end + 1 < text_.size() && (text_[end] == 'e' || text_[end] == 'E') && is_digit(text_[end + 1])) {
        ++end;
        while (end < text_.size() && is_digit(text_[end])) ++end;
      }
      const std::string_view value = text_.substr(at_, end - at_);
      const char before = at_ > 0 ? text_[at_ - 1] : '\0';
      const bool leading_one = at_ == 0 && value == "1" && (end == text_.size() || text_[end] == '/');
      if (value.size() > kNumberSizeMax || !(before == '(' || before == '/' || leading_one)) return fail(text_);
      if (std::ranges::count(value, '.') > 1) return fail(text_);
    }
    out_ += text_.substr(at_, end - at_);
    at_ = end;
  }

  void word() {
    std::size_t end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    if (currency(word)) return;
    if (carbon(word)) return;
    // the digits at the end are an exponent: m2
    std::size_t letters = word.size();
    while (letters > 0 && is_digit(word[letters - 1])) --letters;
    if (word.size() - letters > kExponentDigitsMax) return fail(word);
    // words by which UDUNITS would start a calendar date
    for (const std::string_view date : {"since", "after", "from", "ref", "@"}) {
      if (word.size() == date.size() && std::ranges::equal(word, date, {}, [](char c) { return std::tolower(c); })) {
        return fail(word);
      }
    }
    out_ += word;
  }

  bool currency(std::string_view word) {
    if (const auto found = currencies_.find(word); found != currencies_.end()) {
      out_ += fmt::format("({:.17g} USD)", found->second);
      return true;
    }
    for (const Multiplier& prefix : kPrefixes) {
      if (!word.starts_with(prefix.word)) continue;
      const std::string_view rest = word.substr(1);
      if (const auto found = currencies_.find(rest); found != currencies_.end()) {
        out_ += fmt::format("({} ({:.17g} USD))", prefix.value, found->second);
        return true;
      }
      if (looks_like_currency(rest)) {
        fail(rest, true);
        return true;
      }
    }
    if (!looks_like_currency(word)) return false;
    fail(word, true);
    return true;
  }

  /// "tCO2", "kgCO2e", "tCO2eq": UDUNITS would read the 2 as an exponent.
  bool carbon(std::string_view word) {
    for (const std::string_view end : {"CO2", "CO2e", "CO2eq"}) {
      if (!word.ends_with(end)) continue;
      out_ += word.substr(0, word.size() - end.size());
      out_ += "COtwo";
      return true;
    }
    return false;
  }

  std::string_view text_;
  const Currencies& currencies_;
  std::string out_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<UnitTextFault> fault_;
};

}  // namespace

std::expected<std::string, UnitTextFault> canonical_unit(std::string_view text, const Currencies& currencies) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.empty()) return "1";
  if (text.size() > kSizeMax) return std::unexpected(UnitTextFault{false, printable(text, 40)});
  return Reader(text, currencies).read();
}

bool names_year(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_letter(text[end])) ++end;
    const std::string_view word = text.substr(i, end - i);
    if (word == "year" || word == "years" || word == "yr" || word == "yrs") return true;
    i = end + 1;
  }
  return false;
}

}  // namespace beltline
