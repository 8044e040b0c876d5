// A library to preload: counts the calls of one kind that a program makes, and lets the N-th of them fail once.
//
//   BELTLINE_FAULT_CALL     write, fsync, rename, open, close, mkdir, unlink, read, flock, memory, map, …; none: count
//   only BELTLINE_FAULT_AT       which of them fails, from 1 BELTLINE_FAULT_ERRNO    the error it fails with (a
//   number); 0 stands for half of what was asked (write, read) BELTLINE_FAULT_UNDER    calls on files below this folder
//   count, others do not (but memory and map always do) BELTLINE_FAULT_CHILD    set: calls of forked children count
//   instead of the program's own BELTLINE_FAULT_TALLY    file to keep the counts in: 64 bits little-endian [program,
//   child][kind]
//
// Calls that the C library makes inside itself (what stdio writes) pass by; /dev/full is for those.
#include <fcntl.h>
#include <linux/limits.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>

// glibc's own names of what is replaced here: they need no look-up, which would allocate.
extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {

enum Kind : unsigned {
  kWrite,
  kRead,
  kFsync,
  kRename,
  kOpen,
  kClose,
  kMkdir,
  kUnlink,
  kTruncate,
  kLock,
  kStat,
  kMemory,
  kMap,
  kFork,
  kKindCount
};
constexpr const char* kNames[kKindCount] = {"write",  "read",     "fsync", "rename", "open",   "close", "mkdir",
                                            "unlink", "truncate", "lock",  "stat",   "memory", "map",   "fork"};

struct State {
  unsigned kind = kKindCount;
  uint64_t at = 0;
  int error = ENOSPC;
  char under[PATH_MAX] = "";
  bool child_counts = false;
  bool traces = false;
  bool is_child = false;
  bool ready = false;
  std::atomic<uint64_t> own[2][kKindCount] = {};
  std::atomic<uint64_t>* tally = &own[0][0];
};
State state;

void in_child() {
  state.is_child = true;
}

__attribute__((constructor)) void begin() {
  const char* call = getenv("BELTLINE_FAULT_CALL");
  for (unsigned k = 0; call != nullptr && k < kKindCount; ++k) {
    if (strcmp(call, kNames[k]) == 0) state.kind = k;
  }
  if (const char* at = getenv("BELTLINE_FAULT_AT")) state.at = strtoull(at, nullptr, 10);
  if (const char* error = getenv("BELTLINE_FAULT_ERRNO")) state.error = atoi(error);
  if (const char* under = getenv("BELTLINE_FAULT_UNDER")) snprintf(state.under, sizeof state.under, "%s", under);
  state.child_counts = getenv("BELTLINE_FAULT_CHILD") != nullptr;
  state.traces = getenv("BELTLINE_FAULT_TRACE") != nullptr;
  if (const char* path = getenv("BELTLINE_FAULT_TALLY")) {
    const auto file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT, 0644));
    if (file >= 0 && syscall(SYS_ftruncate, file, sizeof state.own) == 0) {
      auto* const memory = reinterpret_cast<void*>(
          syscall(SYS_mmap, nullptr, sizeof state.own, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
      if (memory != MAP_FAILED) state.tally = static_cast<std::atomic<uint64_t>*>(memory);
    }
    if (file >= 0) syscall(SYS_close, file);
  }
  pthread_atfork(nullptr, nullptr, in_child);
  state.ready = true;  // what the loader itself allocates is not counted
}

bool counts_here(const char* path) {
  return state.under[0] == '\0' || strncmp(path, state.under, strlen(state.under)) == 0;
}

// Counts the call; true if it is the one to fail.
bool fails(Kind kind) {
  if (!state.ready) return false;
  const uint64_t number = ++state.tally[(state.is_child ? unsigned{kKindCount} : 0U) + kind];
  if (kind != state.kind || state.child_counts != state.is_child || number != state.at) return false;
  if (state.traces) {
    void* frames[64];
    state.ready = false;
    backtrace_symbols_fd(frames, backtrace(frames, 64), STDERR_FILENO);
    state.ready = true;
  }
  errno = state.error;
  return true;
}

// A path as the kernel sees it: relative ones from the working folder or the descriptor.
bool path_counts(int folder, const char* path) {
  if (state.under[0] == '\0' || path == nullptr) return true;
  if (path[0] == '/') return counts_here(path);
  char link[64];
  char base[PATH_MAX];
  if (folder == AT_FDCWD) {
    snprintf(link, sizeof link, "/proc/self/cwd");
  } else {
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  }
  const ssize_t length = readlink(link, base, sizeof base - 1);
  if (length < 0) return false;
  base[length] = '\0';
  return counts_here(base);
}

bool file_counts(int file) {
  const int saved = errno;
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  errno = saved;
  if (length < 0) return false;
  path[length] = '\0';
  return path[0] == '/' && counts_here(path);
}

bool fails_on(Kind kind, const char* path, int folder = AT_FDCWD) {
  return path_counts(folder, path) && fails(kind);
}
bool fails_on(Kind kind, int file) {
  return file_counts(file) && fails(kind);
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  if (fails_on(kWrite, file)) {
    if (state.error != 0) return -1;
    size = (size + 1) / 2;
  }
  return syscall(SYS_write, file, bytes, size);
}

ssize_t read(int file, void* bytes, size_t size) {
  if (fails_on(kRead, file)) {
    if (state.error != 0) return -1;
    size = (size + 1) / 2;
  }
  return syscall(SYS_read, file, bytes, size);
}

int fsync(int file) {
  return fails_on(kFsync, file) ? -1 : static_cast<int>(syscall(SYS_fsync, file));
}

int ftruncate(int file, off_t size) noexcept {
  return fails_on(kTruncate, file) ? -1 : static_cast<int>(syscall(SYS_ftruncate, file, size));
}

int flock(int file, int operation) noexcept {
  return fails_on(kLock, file) ? -1 : static_cast<int>(syscall(SYS_flock, file, operation));
}

int close(int file) {
  // as the kernel does: the number is free even if it says no
  const bool failing = fails_on(kClose, file);
  const int error = errno;
  const auto result = static_cast<int>(syscall(SYS_close, file));
  if (failing) errno = error;
  return failing ? -1 : result;
}

int rename(const char* from, const char* to) noexcept {
  return fails_on(kRename, to) ? -1 : static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  return fails_on(kRename, to, to_folder)
             ? -1
             : static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

int mkdir(const char* path, mode_t mode) noexcept {
  return fails_on(kMkdir, path) ? -1 : static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

int unlink(const char* path) noexcept {
  return fails_on(kUnlink, path) ? -1 : static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int rmdir(const char* path) noexcept {
  return fails_on(kUnlink, path) ? -1 : static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  return fails_on(kUnlink, path, folder) ? -1 : static_cast<int>(syscall(SYS_unlinkat, folder, path, flags));
}

int openat(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return fails_on(kOpen, path, folder) ? -1 : static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return fails_on(kOpen, path) ? -1 : static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int open64(const char* path, int flags, ...) __attribute__((alias("open")));
int openat64(int folder, const char* path, int flags, ...) __attribute__((alias("openat")));

int fstat(int file, struct stat* status) noexcept {
  static const auto real = next<int (*)(int, struct stat*)>("fstat");
  return fails_on(kStat, file) ? -1 : real(file, status);
}

int stat(const char* path, struct stat* status) noexcept {
  static const auto real = next<int (*)(const char*, struct stat*)>("stat");
  return fails_on(kStat, path) ? -1 : real(path, status);
}

int lstat(const char* path, struct stat* status) noexcept {
  static const auto real = next<int (*)(const char*, struct stat*)>("lstat");
  return fails_on(kStat, path) ? -1 : real(path, status);
}

pid_t fork() noexcept {
  static const auto real = next<pid_t (*)()>("fork");
  return fails(kFork) ? -1 : real();
}

void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset) noexcept {
  if (fails(kMap)) return MAP_FAILED;
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, size, protection, flags, file, offset));
}

void* malloc(size_t size) noexcept {
  return fails(kMemory) ? nullptr : __libc_malloc(size);
}

void* calloc(size_t count, size_t size) noexcept {
  return fails(kMemory) ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) noexcept {
  return fails(kMemory) ? nullptr : __libc_realloc(old, size);
}

void* aligned_alloc(size_t alignment, size_t size) noexcept {
  return fails(kMemory) ? nullptr : __libc_memalign(alignment, size);
}

void* memalign(size_t alignment, size_t size) noexcept {
  return fails(kMemory) ? nullptr : __libc_memalign(alignment, size);
}

int posix_memalign(void** out, size_t alignment, size_t size) noexcept {
  if (fails(kMemory)) return ENOMEM;
  void* const memory = __libc_memalign(alignment, size);
  if (memory == nullptr) return ENOMEM;
  *out = memory;
  return 0;
}

}  // extern "C"
