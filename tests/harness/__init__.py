"""What Python tests and benchmarks share: running commands and the cases of a test, nginx, sample
trees and how they are compared, and repositories made by the real `ostree`."""

from harness.cases import Skip, expect, link_as_ostree, main, work_directory
from harness.nginx_server import Nginx, nginx
from harness.process import ENVIRONMENT, Done, finish, run, run_ok, text_of
from harness.repos import commit_sample, expect_complete, new_repo
from harness.site import Handler, Site, serve_site
from harness.sources import make_source, make_target, object_file
from harness.trees import (
    assert_same_tree, describe_tree, make_sample_tree, paths_below, remove_tree)

__all__ = ["ENVIRONMENT", "Done", "Handler", "Nginx", "Site", "Skip", "assert_same_tree", "commit_sample",
           "describe_tree", "expect", "expect_complete", "finish", "link_as_ostree", "main",
           "make_sample_tree", "make_source", "make_target", "new_repo", "nginx", "object_file",
           "paths_below", "remove_tree", "run", "run_ok", "serve_site", "text_of",
           "work_directory"]
