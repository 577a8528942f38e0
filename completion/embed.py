"""Writes completion_script() (src/cli/completion/scripts.hpp): each script as a string.

    embed.py BASH ZSH FISH > SOURCE
"""

import pathlib
import sys

SHELLS = ("bash", "zsh", "fish")

print('#include "cli/completion/scripts.hpp"\n\nnamespace xylem::cli {\n')
print("std::string_view completion_script(std::string_view shell) {")
for shell, script in zip(SHELLS, sys.argv[1:], strict=True):
    print(f'  if (shell == "{shell}") return R"script({pathlib.Path(script).read_text()})script";')
print("  return {};\n}\n\n}  // namespace xylem::cli")
