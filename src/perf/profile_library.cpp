// Libraries of tables: which files there are, which of them an accelerator and an engine need, and their reading.
#include <algorithm>
#include <array>
#include <set>
#include <variant>

#include <fmt/format.h>

#include "base/text.h"
#include "perf/catalogue.h"
#include "perf/catalogue_tables.h"
#include "perf/profile_forms.h"
#include "perf/profile_set.h"
#include "table/files.h"
#include "table/parquet_columns.h"
#include "table/zip_archive.h"

namespace beltline::perf {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 28;
constexpr std::size_t kReadingBytesMax = std::size_t{1} << 31;  // of one Parquet file, unpacked
constexpr std::size_t kFileCountMax = 200'000;

/// Of what the engines share, and Vidur's.
bool serves_all(std::string_view engine) {
  return engine.empty() || engine == "nccl" || engine == "oneccl";
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// What all names of an accelerator have in common: the catalogue's name where it knows it.
std::string accelerator_key(std::string_view name) {
  const CatalogueAccelerator* const known = accelerator_of(name, built_in());
  return name_key(known != nullptr ? known->accelerator.name : name);
}

/// Of two versions of a table, whether the first serves better: the newest that is not newer than `wanted`, if one is,
/// else the oldest.
bool serves_better(const std::string& a, const std::string& b, const std::string& wanted) {
  const auto is_old = [&](const std::string& v) { return wanted.empty() || compare_versions(v, wanted) <= 0; };
  if (is_old(a) != is_old(b)) return is_old(a);
  const int compared = compare_versions(a, b);
  return is_old(a) ? compared > 0 : compared < 0;
}

std::string names_of(const std::set<std::string>& names) {
  const std::vector<std::string> list(names.begin(), names.end());
  return list.empty() ? "none" : listing(list);
}

}  // namespace

struct ProfileLibrary::Files {
  struct File {
    ProfileFileName name;
    ProfileSource source;
    ZipArchive::Item item;  // of a folder's file the size alone
  };
  /// Files that make one table: one version of one engine, or all models of Vidur.
  struct Pick {
    std::vector<const File*> files;
    std::string note;

    [[nodiscard]] uint64_t bytes() const {
      uint64_t sum = 0;
      for (const File* file : files) sum += file->item.size;
      return sum;
    }
  };

  std::filesystem::path root;
  std::variant<std::monostate, ZipArchive> archive;  // monostate: a folder
  std::vector<File> files;                           // by path
  std::vector<ProfileEntry> entries;                 // of the same order

  void add(const std::string& path, ZipArchive::Item item, std::vector<std::string>& faults);
  [[nodiscard]] Outcome<std::string> bytes_of(const File& file) const;
  void read(const File& file, std::vector<std::vector<ProfilePoint>>& points, std::vector<std::string>& faults) const;
  [[nodiscard]] Outcome<void> check(const ProfileChoice& choice) const;
  /// One table a version, the one that serves best first.
  [[nodiscard]] static std::vector<Pick> by_version(const std::vector<const File*>& all, const std::string& wanted);
  /// Tables of a kind, the one that serves best first; those behind it answer where it would have to extrapolate.
  [[nodiscard]] std::vector<Pick> pick(const ProfileChoice& choice, ProfileOperator kind) const;
};

void ProfileLibrary::Files::add(const std::string& path, ZipArchive::Item item, std::vector<std::string>& faults) {
  auto name = parse_profile_path(path);
  if (std::holds_alternative<std::monostate>(archive) && (!name || name->system.empty())) {
    // a folder within a library may have been named: those above it say what the path below it does not
    const auto full = parse_profile_path(std::filesystem::absolute(root / path).generic_string());
    if (full && accelerator_of(full->system, built_in()) != nullptr) name = full;
  }
  if (!name) return;
  if (name->system.empty()) {
    faults.push_back(
        fmt::format("{}: does not say which accelerator and engine it is of; put it into "
                    "SYSTEM/FAMILY/ENGINE/VERSION/, such as h100_sxm/gemm/vllm/0.24.0/",
                    printable(path, 200)));
    return;
  }
  files.push_back(
      {.name = *name,
       .source =
           {.file = path, .system = name->system, .engine = lower(name->engine), .version = name->version, .note = {}},
       .item = std::move(item)});
}

Outcome<std::string> ProfileLibrary::Files::bytes_of(const File& file) const {
  if (const auto* const zip = std::get_if<ZipArchive>(&archive)) return zip->read(file.item, kFileBytesMax);
  return read_file(root / file.source.file, kFileBytesMax);
}

void ProfileLibrary::Files::read(const File& file, std::vector<std::vector<ProfilePoint>>& points,
                                 std::vector<std::string>& faults) const {
  auto bytes = bytes_of(file);
  if (!bytes) {
    faults.push_back(bytes.error().message);
    return;
  }
  const bool is_parquet = file.source.file.ends_with(".parquet");
  // an index without a name, as pandas writes it
  if (!is_parquet && bytes->starts_with(',')) bytes->insert(0, "row");
  const auto table =
      is_parquet ? columns_from_parquet(std::move(*bytes), file.name.table, columns_of(file.name), kReadingBytesMax)
                 : table_from_csv(*bytes, file.name.table);
  if (!table) {
    faults.push_back(fmt::format("{}: {}", printable(file.source.file, 200), table.error().message));
    return;
  }
  ProfileFaults of_file(file.source.file);
  if (table->row_count() == 0) of_file.add("holds no rows");
  read_points(file.name, *table, of_file, points);
  for (std::string& line : of_file.lines()) faults.push_back(std::move(line));
}

Outcome<void> ProfileLibrary::Files::check(const ProfileChoice& choice) const {
  const std::string accelerator = accelerator_key(choice.accelerator);
  const std::string engine = lower(choice.engine);
  std::set<std::string> systems;
  std::set<std::string> engines;
  bool has_engine = false;
  for (const File& file : files) {
    systems.insert(file.source.system);
    if (accelerator_key(file.source.system) != accelerator) continue;
    // Vidur's are of no engine, and serve any; messages alone are no profile of an engine
    if (file.source.engine.empty()) has_engine = true;
    if (serves_all(file.source.engine)) continue;
    engines.insert(file.source.engine);
    has_engine = has_engine || file.source.engine == engine;
  }
  const bool has_accelerator =
      std::ranges::any_of(systems, [&](const std::string& s) { return accelerator_key(s) == accelerator; });
  if (!has_accelerator) {
    return failure(fmt::format("{}: no profiles of accelerator '{}'; there are those of {}",
                               printable(root.string(), 200), printable(choice.accelerator), names_of(systems)));
  }
  if (!has_engine && !engines.empty()) {
    return failure(fmt::format("{}: no profiles of engine '{}' on '{}'; there are those of {}",
                               printable(root.string(), 200), printable(choice.engine), printable(choice.accelerator),
                               names_of(engines)));
  }
  return {};
}

std::vector<ProfileLibrary::Files::Pick> ProfileLibrary::Files::pick(const ProfileChoice& choice,
                                                                     ProfileOperator kind) const {
  const std::string accelerator = accelerator_key(choice.accelerator);
  const std::string engine = lower(choice.engine);
  // the engine's own before what all share: its own all-reduce is the one that it calls
  std::array<std::vector<const File*>, 3> ranks;
  for (const File& file : files) {
    const std::vector<ProfileOperator>& kinds = kinds_of(file.name);
    if (std::ranges::find(kinds, kind) == kinds.end()) continue;
    if (accelerator_key(file.source.system) != accelerator) continue;
    if (file.source.engine.empty())
      ranks[2].push_back(&file);
    else if (serves_all(file.source.engine))
      ranks[1].push_back(&file);
    else if (file.source.engine == engine)
      ranks[0].push_back(&file);
  }
  std::vector<Pick> out;
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
    // messages have versions of their own
    const std::vector<Pick> versions = by_version(ranks[rank], rank == 0 ? choice.version : std::string());
    uint64_t bytes = 0;
    for (const Pick& version : versions) {
      // a release that measured anew a few shapes stands before a whole collection that is older
      constexpr uint64_t kWholeCollection = 2;
      if (bytes > 0 && version.bytes() < kWholeCollection * bytes) continue;
      bytes += version.bytes();
      out.push_back(version);
    }
  }
  return out;
}

std::vector<ProfileLibrary::Files::Pick> ProfileLibrary::Files::by_version(const std::vector<const File*>& all,
                                                                           const std::string& wanted) {
  const auto version_of = [](const File* file) -> const std::string& { return file->source.version; };
  std::vector<const File*> sorted = all;
  std::ranges::stable_sort(
      sorted, [&](const File* a, const File* b) { return serves_better(version_of(a), version_of(b), wanted); });
  std::vector<Pick> out;
  for (const File* const file : sorted) {
    if (out.empty() || version_of(out.back().files.front()) != version_of(file)) {
      Pick& pick = out.emplace_back();
      if (!wanted.empty() && compare_versions(version_of(file), wanted) != 0) {
        pick.note = fmt::format("version {} stands in for {}", version_of(file), wanted);
      }
    }
    out.back().files.push_back(file);
  }
  return out;
}

ProfileLibrary::ProfileLibrary(std::unique_ptr<const Files> files) : files_(std::move(files)) {}
ProfileLibrary::~ProfileLibrary() = default;

const std::vector<ProfileEntry>& ProfileLibrary::entries() const {
  return files_->entries;
}

Outcome<std::shared_ptr<const ProfileLibrary>> ProfileLibrary::open(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  auto files = std::make_unique<Files>();
  files->root = path;
  std::vector<std::string> faults;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    std::size_t count = 0;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(path, options, error), end; !error && it != end; it.increment(error)) {
      if (++count > kFileCountMax) {
        return failure(fmt::format("{}: more than {} files; name the folder of the tables",
                                   printable(path.string(), 200), kFileCountMax));
      }
      std::error_code ignored;
      if (!it->is_regular_file(ignored)) continue;
      files->add(it->path().lexically_relative(path).generic_string(), {.size = it->file_size(ignored)}, faults);
    }
    if (error) return failure(fmt::format("{}: {}", printable(path.string(), 200), error.message()));
  } else if (parse_profile_path(path.generic_string())) {
    files->root = path.parent_path();
    files->add(path.filename().generic_string(), {.size = fs::file_size(path, error)}, faults);
  } else {
    auto archive = ZipArchive::open(path);
    if (!archive) return std::unexpected(archive.error());
    files->archive = std::move(*archive);
    for (const ZipArchive::Item& item : std::get<ZipArchive>(files->archive).items()) {
      files->add(item.path, item, faults);
    }
  }
  if (!faults.empty()) return failure(fmt::format("{}", fmt::join(faults, "\n")));
  if (files->files.empty()) {
    return failure(
        fmt::format("{}: holds no tables of kernels that are known by their names, such as "
                    "h100_sxm/gemm/vllm/0.24.0/gemm_perf.parquet or compute/a100/MODEL/mlp.csv",
                    printable(path.string(), 200)));
  }
  // a folder lists its files in any order
  std::ranges::sort(files->files, {}, [](const Files::File& file) { return file.source.file; });
  for (const Files::File& file : files->files) {
    files->entries.push_back({.source = file.source, .form = std::string(name_of(file.name.form))});
  }
  return std::make_shared<const ProfileLibrary>(std::move(files));
}

Outcome<std::shared_ptr<const Profiles>> ProfileLibrary::read(const ProfileChoice& choice) const {
  if (auto known = files_->check(choice); !known) return std::unexpected(known.error());
  auto tables = std::make_unique<Profiles::Tables>();
  std::vector<std::string> faults;
  for (std::size_t k = 0; k < kProfileOperatorCount; ++k) {
    const auto kind = static_cast<ProfileOperator>(k);
    if (kind == ProfileOperator::experts && !choice.with_experts) continue;
    const bool is_latent = kind == ProfileOperator::latent_prefill || kind == ProfileOperator::latent_decode;
    if (is_latent && !choice.with_latent) continue;
    for (const Files::Pick& pick : files_->pick(choice, kind)) {
      std::vector<std::vector<ProfilePoint>> points(kProfileOperatorCount);
      for (const Files::File* const file : pick.files) files_->read(*file, points, faults);
      if (!faults.empty() || points[k].empty()) continue;
      ProfileSource source = pick.files.front()->source;
      if (pick.files.size() > 1) source.file += fmt::format(" and {} more", pick.files.size() - 1);
      source.note = pick.note;
      auto table = ProfileTable::make(kind, std::move(source), points[k]);
      if (table)
        tables->by_kind[k].push_back(std::move(*table));
      else
        faults.push_back(fmt::format("{}: {}", printable(pick.files.front()->source.file, 200), table.error().message));
    }
  }
  std::ranges::sort(faults);
  faults.erase(std::ranges::unique(faults).begin(), faults.end());
  if (!faults.empty()) return failure(fmt::format("{}", fmt::join(faults, "\n")));
  return std::make_shared<const Profiles>(std::move(tables));
}

Outcome<std::shared_ptr<const Profiles>> read_profiles(const std::filesystem::path& path, const ProfileChoice& choice) {
  const auto library = ProfileLibrary::open(path);
  if (!library) return std::unexpected(library.error());
  return (*library)->read(choice);
}

}  // namespace beltline::perf
