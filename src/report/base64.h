// Base64 (RFC 4648, section 4), as content-security policies write hashes.
#pragma once

#include <string>
#include <string_view>

namespace beltline {

/// Base64 of bytes, padded.
std::string base64(std::string_view bytes);
/// 'sha256-…' of a text as a content-security policy names a script or style sheet, without the quotes.
std::string policy_hash(std::string_view text);

}  // namespace beltline
