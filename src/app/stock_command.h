// beltline stock: what to hold of each good of a plan.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "app/number_options.h"
#include "run/stock_report.h"

namespace beltline {

struct StockArguments {
  std::string run_folder;
  std::string output;  // file for the table; "": none
  StockOptions options;
  bool all = false;
  std::optional<NumberOptions> numbers;  // service, demand error and carrying, read when the command begins
};

void add_stock_options(CLI::App& command, StockArguments& arguments);
int command_stock(const StockArguments& arguments, bool as_json);

}  // namespace beltline
