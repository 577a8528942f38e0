#include "cli/text/ref_listing.hpp"

#include <fmt/format.h>

#include <map>

#include "repo/refs/refs.hpp"

namespace xylem::cli {

namespace {

void print_entry(const RefListing& listing, const std::string& name, const repo::RefEntry& entry) {
  if (listing.aliases)
    fmt::print("{} -> {}\n", name, entry.alias_of.value_or(entry.commit.hex()));
  else if (listing.revisions)
    fmt::print("{}\t{}\n", name, entry.commit.hex());
  else
    fmt::print("{}\n", name);
}

ErrorList print_plain_refs(const repo::Repo& repo, const RefListing& listing,
                           const std::string& prefix) {
  ErrorList unreadable;
  const auto note = [&](const object::RefSpec&, const Error& error) { unreadable.add(error); };
  std::map<std::string, repo::RefEntry> sorted;
  for (const auto& [spec, entry] : repo::list_refs(repo, prefix, note)) {
    const std::string name = spec.text();
    const bool keep_name = listing.full_names || listing.aliases;
    if (!listing.aliases || entry.alias_of)
      sorted.emplace(keep_name ? name : cut_prefix(name, prefix), entry);
  }
  for (const auto& [name, entry] : sorted) print_entry(listing, name, entry);
  return unreadable;
}

ErrorList print_collection_refs(const repo::Repo& repo, const RefListing& listing,
                                const std::string& collection) {
  ErrorList unreadable;
  const auto note = [&](const repo::CollectionRef&, const Error& error) { unreadable.add(error); };
  if (!collection.empty()) object::validate_collection_id(collection);
  for (const auto& [ref, commit] : repo::list_collection_refs(repo, note)) {
    if (!collection.empty() && ref.collection_id != collection) continue;
    fmt::print("({}, {}){}\n", ref.collection_id, ref.ref,
               listing.revisions ? "\t" + commit.hex() : "");
  }
  return unreadable;
}

}  // namespace

std::string cut_prefix(const std::string& name, const std::string& prefix) {
  const std::size_t colon = prefix.find(':');
  const std::size_t start = colon == std::string::npos ? 0 : colon + 1;
  const std::string_view cut = std::string_view(prefix).substr(start);
  if (cut.empty() || !name.starts_with(prefix + "/")) return name;
  return name.substr(0, start) + name.substr(prefix.size() + 1);
}

ErrorList print_refs(const repo::Repo& repo, const RefListing& listing, const std::string& prefix) {
  return listing.collections ? print_collection_refs(repo, listing, prefix)
                             : print_plain_refs(repo, listing, prefix);
}

}  // namespace xylem::cli
