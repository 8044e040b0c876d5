// The program's own process: what it may rely on from its first line, and how it ends.
#pragma once

namespace beltline {

/// Before anything else: standard streams that are closed become ones that fail (a file opened later must not take
/// their number and receive what is printed), and a reader that goes away is an error and not a death. A lack of memory
/// ends the process at once with a message and kExitFailure, from before main on.
void prepare_process();

/// Writes "out of memory" to standard error without asking for memory.
void say_out_of_memory();

/// Flushes standard output. What could not be written turns `code` into kExitFailure, with a message, whatever the
/// command was: a table that was cut off must not look whole.
int end_output(int code);

}  // namespace beltline
