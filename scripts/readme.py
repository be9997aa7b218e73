#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""README's tables, of what commands have left in results/.

readme.py            writes them
readme.py --check    exits with 1 if they are other ones, or if the series' messages have
                     figures that are in no result

They stand between <!-- results/FILE: TITLE -->, <!-- waits --> or <!-- releases -->,
and <!-- end -->.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
BENCH, CURRENT = "results/6.12/bench.txt", "results/7.3/bench.txt"
# What a user waits for: the file, the row that has its cost, and its n.
WAITS = (
    ("a boot loads amdgpu, on Debian's kernel", "results/6.12/distro-amd64.txt", "amdgpu", None),
    ("it loads xfs, with ftrace", BENCH, "load xfs, ftrace on", None),
    ("it loads {n} modules of the tree, with ftrace", BENCH, "load modules of the tree, ftrace on",
     None),
    ("the same without ftrace", BENCH, "load modules of the tree, ftrace off", None),
    ("a tracer starts: it reads all of `/proc/kallsyms`, with 200 modules", BENCH,
     "whole /proc/kallsyms by 4 KiB, n modules", "200"),
    ("it lists `available_filter_functions`", BENCH, "available_filter_functions", None),
    ("it sets a kprobe event on a function of a module", BENCH,
     "kprobe event, a module's function", None),
    ("it sets an fprobe event there, on Linux 7.3", CURRENT, "fprobe event, a module's function",
     None),
    ("an oops prints a stack trace, of 16 functions of a module of 17,510 symbols", BENCH,
     "stack trace of 16 functions", None),
    ("a function of that module is livepatched: to find it takes", BENCH,
     "klp_find_object_symbol(), last functions", None),
)
ROW = re.compile(r"  (\S.*?) +(?:([\d,]+) +)?([\d,.]+) +([\d,.]+) +([\d,./]+)(?: .*)?$")


def rows(path):
    """What it costs on stock and rewrite and their ratio, by name and n."""
    for line in (HERE / path).read_text(encoding="utf-8").splitlines():
        match = ROW.match(line)
        if match:
            yield match.groups()


def waits():
    """A row for each whose command has left its result."""
    yield "| | stock | rewrite | |"
    yield "| --- | ---: | ---: | ---: |"
    for text, path, work, n in WAITS:
        if not (HERE / path).is_file():
            continue
        found = [row for row in rows(path) if row[0] == work and n in (None, row[1])]
        if not found:
            sys.exit(f"{path}: it has no {work}")
        _, number, stock, ours, ratio = found[0]
        # test-distro counts in millions.
        million = " M" if "." in stock else ""
        yield f"| {text.format(n=number)} | {stock}{million} | {ours}{million} | {ratio} |"


def head(lines, name):
    """What the first lines of a result say of that."""
    return next(line for line in lines if line.startswith(name + ": ")).removeprefix(name + ": ")


def releases():
    """What make run has said of each, with the edits that releases/tried names."""
    edits = dict(line.split() for line in
                 (HERE / "releases/tried").read_text(encoding="ascii").splitlines()
                 if line[0] != "#")
    yield "| Linux | edits | `make run` | of kernel code |"
    yield "| --- | --- | --- | --- |"
    for path in sorted(HERE.glob("results/*/run-*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        said = [line for line in lines if line.startswith("PASS: ")]
        version = head(lines, "release")
        if not said:
            sys.exit(f"{path}: it has not passed")
        yield f"| {version} | {edits.pop(version)} | {said[0]} | {head(lines, 'code')} |"
    if edits:
        sys.exit(f"releases/tried: no make run of {' '.join(edits)} is in results/")


def table(path, title):
    """From that line to the next empty one, with the command before it."""
    lines = (HERE / path).read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.lstrip().startswith(title))
    end = lines.index("", start) if "" in lines[start:] else len(lines)
    yield "```"
    yield "$ " + head(lines, "command")
    yield from lines[start:end]
    yield "```"


def fill(match):
    """The marked piece, with what belongs there."""
    what = match[1]
    makers = {"waits": waits, "releases": releases}
    made = makers[what]() if what in makers else table(*what.split(": ", 1))
    return "\n".join((f"<!-- {what} -->", *made, "<!-- end -->"))


def check_messages():
    """What the series says it costs has to be in the results of the release it is for."""
    figure = re.compile(r"\d{1,3}(?:,\d{3})+")
    known = set(figure.findall((HERE / CURRENT).read_text(encoding="utf-8")))
    said = figure.findall((HERE / "scripts/series/messages").read_text(encoding="ascii"))
    if set(said) - known:
        sys.exit(f"scripts/series/messages: not in {CURRENT}: {' '.join(set(said) - known)}")


def main():
    readme = HERE / "README.md"
    text = readme.read_text(encoding="utf-8")
    filled = re.sub(r"<!-- (waits|releases|results/[^\n]*) -->\n.*?<!-- end -->", fill, text, flags=re.S)
    if sys.argv[1:] == ["--check"]:
        if filled != text:
            sys.exit("README.md: scripts/readme.py has other tables")
        check_messages()
    else:
        readme.write_text(filled, encoding="utf-8")


main()
