// Amounts as people say them, in both languages.
#pragma once

#include <string>

#include "base/language.h"

namespace beltline {

/// 1234567 → "1,234,567"; small numbers keep three digits.
std::string grouped(double value);

/// "USD 4.2 billion", "USD 41 million", "USD 12,300"; "42억 달러", "4,100만 달러".
std::string money(double usd, Language language = Language::english);

/// "15,000 accelerators", "5,250 wafers/month", "100 MW", money for USD; "가속기 15,000개", "웨이퍼 월 5,250장".
std::string quantity_words(double quantity, const std::string& unit, Language language = Language::english);

/// "all 15,000 accelerators missing", "4,031 of 10,000 MW missing"; "랙 200대 가운데 180대 부족".
std::string lack_words(double missing, double whole, const std::string& unit, Language language = Language::english);

}  // namespace beltline
