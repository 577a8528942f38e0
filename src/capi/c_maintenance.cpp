#include <algorithm>
#include <array>
#include <vector>

#include "capi/c_types.hpp"
#include "xylem/maintenance.h"

using xylem::PruneOptions;
using xylem::api::checked;
using xylem::api::guarded;
using xylem::api::required;
using xylem::api::set;
using xylem::api::takes;
using xylem::api::token_of;

struct xylem_report {
  std::array<std::vector<std::string>, XYLEM_REPORT_LISTS> lists;
};

struct xylem_prune_options {
  PruneOptions options;
  std::string
      refused;  ///< As of a pull. Without the argument more would be pruned, or something else.
};

struct xylem_transfers {
  std::vector<xylem::Transfer> transfers;
  std::vector<std::vector<const char*>> refs;  ///< Of each, with a null at the end.
  std::vector<xylem_transfer> views;           ///< Of the above.
};

namespace {

std::vector<std::string> texts_of(const std::vector<xylem::Error>& errors) {
  std::vector<std::string> texts;
  texts.reserve(errors.size());
  for (const xylem::Error& error : errors) texts.emplace_back(error.what());
  return texts;
}

xylem_report* recover(xylem_repository& repository, const xylem::RecoverOptions& options,
                      const xylem_cancel* cancel) {
  auto recovered = repository.repository.recover(options, token_of(cancel));
  auto report = std::make_unique<xylem_report>();
  report->lists[XYLEM_REPORT_FAILURES] = texts_of(recovered.failures);
  for (xylem::LeftOver& left : recovered.left_over)
    report->lists[XYLEM_REPORT_LEFT_OVER].push_back(std::move(left.name));
  report->lists[XYLEM_REPORT_REMOVED] = std::move(recovered.removed);
  report->lists[XYLEM_REPORT_IN_USE] = std::move(recovered.in_use);
  return report.release();
}

xylem_transfer view_of(const xylem::Transfer& transfer, const std::vector<const char*>& refs) {
  return {
      transfer.name.c_str(), name(transfer.kind), name(transfer.state), transfer.remote.c_str(),
      refs.data(),           transfer.pid,        transfer.bytes,       transfer.total.value_or(0),
      transfer.started,      transfer.updated};
}

}  // namespace

size_t xylem_report_count(const xylem_report* report, xylem_report_list list) {
  return report != nullptr && list < XYLEM_REPORT_LISTS ? report->lists[list].size() : 0;
}
const char* xylem_report_text(const xylem_report* report, xylem_report_list list, size_t index) {
  return index < xylem_report_count(report, list) ? report->lists[list][index].c_str() : nullptr;
}
void xylem_report_free(xylem_report* report) {
  delete report;
}

xylem_prune_options* xylem_prune_options_new() {
  return new xylem_prune_options;
}
void xylem_prune_options_free(xylem_prune_options* options) {
  delete options;
}
void xylem_prune_options_set_refs_only(xylem_prune_options* options, int refs_only) {
  set(options, &PruneOptions::refs_only, refs_only != 0);
}
void xylem_prune_options_set_depth(xylem_prune_options* options, int depth) {
  set(options, &PruneOptions::depth, depth);
}
void xylem_prune_options_set_keep_younger_than(xylem_prune_options* options, int64_t time) {
  set(options, &PruneOptions::keep_younger_than, time);
}
void xylem_prune_options_retain_branch_depth(xylem_prune_options* options, const char* ref,
                                             int depth) {
  if (takes(options, "ref", ref)) options->options.retain_branch_depth[ref] = depth;
}
void xylem_prune_options_add_only_branch(xylem_prune_options* options, const char* ref) {
  if (takes(options, "ref", ref)) options->options.only_branches.emplace_back(ref);
}
void xylem_prune_options_set_delete_commit(xylem_prune_options* options, const char* commit) {
  if (takes(options, "commit", commit)) options->options.delete_commit = commit;
}
void xylem_prune_options_set_static_deltas_only(xylem_prune_options* options, int only) {
  set(options, &PruneOptions::static_deltas_only, only != 0);
}
void xylem_prune_options_set_commit_only(xylem_prune_options* options, int only) {
  set(options, &PruneOptions::commit_only, only != 0);
}
void xylem_prune_options_set_no_prune(xylem_prune_options* options, int no_prune) {
  set(options, &PruneOptions::no_prune, no_prune != 0);
}

xylem_report* xylem_repository_prune(xylem_repository* repository,
                                     const xylem_prune_options* options, const xylem_cancel* cancel,
                                     xylem_prune_result* result, xylem_error** error) {
  return guarded(error, [&] {
    const auto pruned =
        required(repository, "repository")->repository.prune(checked(options), token_of(cancel));
    if (result != nullptr)
      *result = {pruned.objects_total, pruned.objects_pruned, pruned.bytes_freed};
    auto report = std::make_unique<xylem_report>();
    report->lists[XYLEM_REPORT_FAILURES] = texts_of(pruned.failures);
    return report.release();
  });
}

xylem_report* xylem_repository_recover(xylem_repository* repository, const xylem_cancel* cancel,
                                       xylem_error** error) {
  return guarded(error, [&] { return recover(*required(repository, "repository"), {}, cancel); });
}

xylem_report* xylem_repository_recover_all(xylem_repository* repository, const xylem_cancel* cancel,
                                           xylem_error** error) {
  return guarded(
      error, [&] { return recover(*required(repository, "repository"), {.all = true}, cancel); });
}

xylem_report* xylem_repository_repair(xylem_repository* repository, const xylem_cancel* cancel,
                                      xylem_repair_result* result, xylem_error** error) {
  return guarded(error, [&] {
    auto repair = required(repository, "repository")->repository.repair(token_of(cancel));
    if (result != nullptr)
      *result = {repair.commits_checked, repair.objects_checked, repair.good() ? 1 : 0};
    auto report = std::make_unique<xylem_report>();
    report->lists[XYLEM_REPORT_FAILURES] = texts_of(repair.failures);
    report->lists[XYLEM_REPORT_PROBLEMS] = std::move(repair.problems);
    report->lists[XYLEM_REPORT_REPAIRED] = std::move(repair.repaired);
    report->lists[XYLEM_REPORT_BROKEN] = std::move(repair.broken);
    report->lists[XYLEM_REPORT_REMAINING] = std::move(repair.remaining);
    return report.release();
  });
}

xylem_transfers* xylem_repository_transfers(const xylem_repository* repository,
                                            xylem_error** error) {
  return guarded(error, [&] {
    auto list = std::make_unique<xylem_transfers>();
    list->transfers = required(repository, "repository")->repository.transfers();
    for (const xylem::Transfer& transfer : list->transfers) {
      auto& refs = list->refs.emplace_back();
      for (const std::string& ref : transfer.refs) refs.push_back(ref.c_str());
      refs.push_back(nullptr);
      list->views.push_back(view_of(transfer, refs));
    }
    return list.release();
  });
}
size_t xylem_transfers_count(const xylem_transfers* transfers) {
  return transfers != nullptr ? transfers->views.size() : 0;
}
const xylem_transfer* xylem_transfers_get(const xylem_transfers* transfers, size_t index) {
  return index < xylem_transfers_count(transfers) ? &transfers->views[index] : nullptr;
}
void xylem_transfers_free(xylem_transfers* transfers) {
  delete transfers;
}

int xylem_repository_abort_transfer(xylem_repository* repository, const char* name,
                                    const xylem_cancel* cancel, xylem_error** error) {
  return guarded(error, [&] {
    required(repository, "repository")
        ->repository.abort_transfer(required(name, "name"), token_of(cancel));
    return 1;
  });
}
