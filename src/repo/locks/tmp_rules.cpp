#include "repo/locks/tmp_rules.hpp"

#include "repo/disk/layout.hpp"
#include "repo/disk/store_layout.hpp"

namespace xylem::repo {

namespace {

bool has_prefix_of_tmpdir(std::string_view name) {
  return name.starts_with(layout::any_staging_prefix) || name.starts_with(layout::fetch_prefix) ||
         name.starts_with(layout::trash_prefix) || name.starts_with(layout::ingest_prefix);
}

}  // namespace

bool TmpRules::is_kept(std::string_view name) const {
  return name == "cache";
}

bool TmpRules::is_unneeded(std::string_view name, bool is_dir, std::time_t modified) const {
  if (is_dir && name.starts_with(layout::trash_prefix)) return true;
  // Whatever stands in a directory's place: nobody continues it.
  if (name.starts_with(layout::any_staging_prefix) && !is_lock_of_tmpdir(name) &&
      !name.starts_with(own_staging_prefix))
    return true;
  return is_expired(modified);
}

bool TmpRules::is_expired(std::time_t modified) const {
  return modified <= now && std::chrono::seconds(now - modified) > expiry;
}

bool TmpRules::is_lock_of_tmpdir(std::string_view name) {
  return name.ends_with(layout::lock_suffix) && has_prefix_of_tmpdir(name);
}

bool TmpRules::is_tmpdir(std::string_view name) {
  return !name.ends_with(layout::lock_suffix) && has_prefix_of_tmpdir(name);
}

}  // namespace xylem::repo
