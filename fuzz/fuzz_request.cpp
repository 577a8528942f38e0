// What a client says to `xylem serve`.

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "fuzz/fuzz.hpp"
#include "server/http/byte_range.hpp"
#include "server/http/preconditions.hpp"
#include "server/http/request_path.hpp"

using namespace xylem;
namespace http = boost::beast::http;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    http::request_parser<http::empty_body> parser;
    boost::system::error_code error;
    parser.header_limit(16 * 1024);
    parser.put(boost::asio::buffer(input.data(), input.size()), error);
    if (!parser.is_header_done()) return;
    const auto& request = parser.get();
    const auto path = server::request_path({request.target().data(), request.target().size()});
    if (path) fuzz::require(!path->starts_with('/') && path->find('\0') == path->npos);
    const auto text = [&](http::field field) {
      return std::string_view(request[field].data(), request[field].size());
    };
    constexpr std::uint64_t file_size = 1000;
    const auto choice = server::choose_range(text(http::field::range), file_size);
    fuzz::require(choice.range.offset <= file_size &&
                  choice.range.size <= file_size - choice.range.offset);
    const server::FileVersion version{"\"tag\"", 1'700'000'000};
    server::not_modified(version, text(http::field::if_none_match),
                         text(http::field::if_modified_since));
    server::range_allowed(version, text(http::field::if_range));
  });
}
