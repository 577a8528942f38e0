#include "interpose/outcome.hpp"

#include <fmt/format.h>

#include "base/glib.hpp"
#include "interpose/error_words.hpp"
#include "interpose/host_repository.hpp"
#include "interpose/pull_call.hpp"

namespace xylem::interpose {

namespace {

void set_note(char** note, const std::string& text) {
  g_free(*note);
  *note = g_strdup(text.c_str());
}

xylem_ostree_outcome fail(GErrorPtr failure, char** note, GError** error) {
  set_note(note, fmt::format("failed: {}", failure->message));
  g_propagate_error(error, failure.release());
  return XYLEM_OSTREE_FAILED;
}

xylem_ostree_outcome fail(const Error& failure, const xylem_ostree_call& call, char** note,
                          GError** error) {
  if (failure.kind() != ErrorKind::Unsupported)
    return fail(gerror_of(failure, is_on_server(call.repo, call.source)), note, error);
  set_note(note, failure.what());
  return XYLEM_OSTREE_LEFT;
}

}  // namespace

xylem_ostree_outcome outcome_of(const xylem_ostree_call& call,
                                const std::function<std::string()>& work, char** note,
                                GError** error) {
  try {
    set_note(note, work());
    return XYLEM_OSTREE_DONE;
  } catch (const NotOurs& refusal) {
    set_note(note, refusal.why);
    return XYLEM_OSTREE_LEFT;
  } catch (GErrorPtr& failure) {
    return fail(std::move(failure), note, error);
  } catch (const Error& failure) {
    return fail(failure, call, note, error);
  } catch (const std::exception& failure) {
    return fail(GErrorPtr(g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, failure.what())), note,
                error);
  }
}

}  // namespace xylem::interpose
