"""How the site is built: `sphinx-build -n -T -W docs docs/_build`."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "ocilayers"
author = "the ocilayers authors"
version = release = installed_version("ocilayers")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "house",
]
exclude_patterns = ["_build", "jupyter_execute"]

# --- Markdown, and notebooks that are Markdown
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

# --- docstrings
default_role = "code"  # one backtick is code, as in Markdown
autodoc_default_options = {"members": True, "ignore-module-all": True}
autodoc_member_order = "bysource"  # of the file: the important things come first
autodoc_preserve_defaults = True
autodoc_type_aliases = {"JSONValue": "ocilayers._types.JSONValue"}
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True

# No inventory of another project is fetched: a build needs no network.
nitpick_ignore = [  # imported for type checkers only
    ("py:class", "Converter"),
    ("py:class", "Executor"),
    ("py:class", "TarInfo"),
]
nitpick_ignore_regex = [
    (r"py:.*", r"(?!ocilayers\.)\w+\..*"),
    (r"py:.*", r"ocilayers(\.\w+)*\._.*"),  # a private protocol
    (r"py:.*", r"ocilayers\.[\w.]*\.[A-Z](_co|_contra)?"),  # type variables
]

# --- looks
html_theme = "furo"
html_title = "ocilayers"
html_static_path = ["_static"]
html_css_files = ["house.css"]
html_show_copyright = False
html_copy_source = False
