#include "app/completion.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace beltline {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

struct Command {
  std::string name, description, options;
  std::string nested;  // names of commands of its own: "add list"
};

void add_options(const CLI::App& command, std::vector<std::string>& options) {
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      if (std::ranges::find(options, "--" + name) == options.end()) options.push_back("--" + name);
    }
  }
}

std::vector<Command> commands_of(const CLI::App& app) {
  std::vector<Command> commands;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    std::vector<std::string> options, nested;
    add_options(*sub, options);
    for (const CLI::App* one : sub->get_subcommands([](const CLI::App*) { return true; })) {
      nested.push_back(one->get_name());
      add_options(*one, options);
    }
    commands.push_back({sub->get_name(), sub->get_description(), joined(options), joined(nested)});
  }
  return commands;
}

std::string bash(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  std::string cases;
  for (const Command& command : commands) {
    names.push_back(command.name);
    cases += fmt::format("    {}) words=\"{}\"{} ;;\n", command.name, command.options,
                         command.nested.empty() ? "" : fmt::format(" nested=\"{}\"", command.nested));
  }
  return fmt::format(R"(_beltline() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" words="{}" nested=""
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "${{COMP_WORDS[1]}}" in
{}    esac
    [ "$COMP_CWORD" -eq 2 ] && [ -n "$nested" ] && {{ COMPREPLY=($(compgen -W "$nested" -- "$word")); return; }}
    [[ "$word" == -* ]] || {{ COMPREPLY=($(compgen -f -- "$word")); return; }}
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o filenames -F _beltline beltline
)",
                     joined(names), cases);
}

std::string zsh(const std::vector<Command>& commands) {
  return "autoload -U +X bashcompinit && bashcompinit\n" + bash(commands);
}

std::string fish(const std::vector<Command>& commands) {
  std::string text;
  for (const Command& command : commands) {
    text +=
        fmt::format("complete -c beltline -n __fish_use_subcommand -a {} -d '{}'\n", command.name, command.description);
    if (!command.nested.empty()) {
      text += fmt::format("complete -c beltline -n '__fish_seen_subcommand_from {0}' -a '{1}'\n", command.name,
                          command.nested);
    }
    std::string option;
    for (std::size_t i = 0; i <= command.options.size(); ++i) {
      if (i < command.options.size() && command.options[i] != ' ') {
        option += command.options[i];
        continue;
      }
      if (option.size() > 2) {
        text += fmt::format("complete -c beltline -n '__fish_seen_subcommand_from {}' -l {}\n", command.name,
                            option.substr(2));
      }
      option.clear();
    }
  }
  return text;
}

}  // namespace

int command_completion(const CLI::App& app, const std::string& shell, bool as_json) {
  const std::vector<Command> commands = commands_of(app);
  const std::string script = shell == "fish" ? fish(commands) : shell == "zsh" ? zsh(commands) : bash(commands);
  if (as_json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"shell", shell}, {"script", script}}.dump(2));
  } else {
    fmt::print("{}", script);
  }
  return 0;
}

}  // namespace beltline
