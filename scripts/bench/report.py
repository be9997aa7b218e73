#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Turn what the guests said into a table and the plots' data.

report.py full|quick VERSION COMPILER BEFORE DIR FILE...

VERSION is the kernel's. FILE is named CONFIG-TREE.KIND.RUN and has lines WORK N
NUMBERS... as measure prints them. The plots' data go to DIR. BEFORE is a table that
this has printed before, which counts if it is of the same kernel and compiler.
Exits with 1 if stock and rewrite answer differently, if a row is more than README
promises or more than 1 % above the one before, or (full) if two runs of a guest
differ by more than 0.1 %.
"""

import math
import re
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from results import Results, ratio

SIZES = (110, 1010, 10010, 60010)
# find_symbol.sh's modules are not in the sums.
EXPORTS = ("test_kallsyms_a", "test_kallsyms_b", "test_kallsyms_c", "test_kallsyms_d")
TREES = ("stock", "linux")
# Labels are on top of the number of entries.
LABELS = ("arm64", "riscv64")
HEAD = f"  {'':<45} {'n':>7} {'stock':>15} {'rewrite':>15} {'ratio':>8}"


def line(work, n, stock, ours, digits=0):
    return (f"  {work:<45} {n if isinstance(n, str) else format(n, ','):>7} "
            f"{stock:>15,.{digits}f} {ours:>15,.{digits}f} "
            f"{ratio(ours / stock if stock else math.inf):>8}")


class Figures:
    """What was measured, by configuration, tree, run, work and n."""

    def __init__(self, paths):
        self.runs = {}
        for path in map(Path, paths):
            name, _, run = path.name.split(".")
            config, tree = name.split("-")
            said = self.runs.setdefault((config, tree), {}).setdefault(int(run), {})
            for line in path.read_text().splitlines():
                if line.startswith("#"):
                    continue
                work, n, *numbers = line.split()
                if not all(number.lstrip("-").isdigit() for number in numbers):
                    sys.exit(f"{path}: what is this? {line}")
                said[work, n] = [int(number) for number in numbers]

    def get(self, config, tree, work, n):
        """One list of numbers a run; empty if it was not measured."""
        return [said[work, str(n)] for _, said in sorted(self.runs.get((config, tree), {}).items())
                if said.get((work, str(n)))]

    def names(self, config, work):
        """All n of that work; for modules of the tree these are their names."""
        found = {}
        for tree in TREES:
            for said in self.runs.get((config, tree), {}).values():
                found.update((n, None) for w, n in said if w == work and said[w, n])
        return list(found)

    def lookup(self, config, tree, work, n):
        """Ticks of one lookup, in each run."""
        return [ticks / count for ticks, count, _ in self.get(config, tree, work, n)]

    def tree_modules(self, config, work):
        return [n for n in self.names(config, work)
                if not n.isdigit() and n not in EXPORTS and not n.startswith("lld-")]

    def load(self, config, tree, n):
        """Parts of a load in each run, without what splitting it has added.

        Splitting begins and ends each lookup by reading the clock; what that
        takes is known from doing it often: in all, and within the lookup.
        """
        loads = []
        for ticks, lookups, lookup, layout, add in self.get(config, tree, "load", n):
            (extra, inner), *_ = self.get(config, tree, "wrapper", 1000)
            lookup -= lookups * inner / 1000
            total = ticks - lookups * extra / 1000
            loads.append({"total": total, "lookups": lookups, "lookup": lookup,
                          "build": layout + add, "else": total - lookup - layout - add})
        return loads


class Table(Results):
    """A row of figures fails if it is too much, or if its runs differ."""

    def __init__(self, full, version, compiler, before):
        super().__init__()
        self.full = full
        self.version = version
        self.head = None
        self.of_612 = version.startswith("6.12.")
        self.before = self.read(before, version, compiler)
        self.compared = self.most_above = 0

    @staticmethod
    def read(path, version, compiler):
        """The rewrite's figures in a table of the same kernel and compiler, by row."""
        if not path.is_file():
            return {}
        text = path.read_text(encoding="utf-8")
        if f"release: {version}\ncompiler: {compiler}\n" not in text:
            print(f"{path.name} is of another kernel or compiler: not compared with it")
            return {}
        rows = re.findall(r"^  (\S.{44}) (.{7}) +[\d,.]+ +([\d,.]+) ",
                          text.partition("\nWhere a load goes")[0], re.M)
        return {(work.strip(), n.strip()): float(ours.replace(",", "")) for work, n, ours in rows}

    def title(self, text):
        """Printed before the first row, if there is one."""
        self.head = (f"\n{text}, Linux {self.version}\n{HEAD}  {'promised':<11}"
                     f"{'runs' if self.full else ''}".rstrip())

    def deviation(self, what, *sides):
        """How far apart the runs of each side are, in words."""
        if not self.full:
            return ""
        worst = 0
        for values in sides:
            if len(values) < 2:
                self.failed.append(f"{what}: measured once")
                return "once"
            if max(values):
                worst = max(worst, (max(values) - min(values)) / max(values))
        if worst > 0.001:
            self.failed.append(f"{what}: runs differ by {worst:.2%}")
        return f"{worst:.3%}"

    def above(self, work, n, ours):
        """How much more than the table before has, in words, if it is too much."""
        before = self.before.pop((work, n if isinstance(n, str) else format(n, ",")), None)
        if not before:
            return ""
        self.compared += 1
        more = ours / before - 1
        self.most_above = max(self.most_above, more)
        return f"{more:.1%} MORE THAN BEFORE" if more > 0.01 else ""

    def put(self, work, n, stock, ours, part=None, digits=0):
        """One row, if it was measured; @part of stock's is what README promises at most."""
        if not stock or not ours:
            return
        if self.head:
            print(self.head)
            self.head = None
        name = f"{work}, {n}" if n else work
        runs = self.deviation(name, stock, ours)
        verdict = self.above(work, n, ours[0])
        if part and ours[0] > part * stock[0]:
            verdict = "TOO MUCH"
        if verdict:
            self.failed.append(f"{name}: {verdict}")
        elif part:
            self.passed += 1
        promised = f"<= {ratio(part)}" if part else ""
        print(f"{line(work, n, stock[0], ours[0], digits)}  {promised:<11}{runs:<8}{verdict}"
              .rstrip())

    def flat(self, what, values):
        """The cost must not follow the number of symbols, or of modules."""
        if values:
            self.row(f"{what}: the same at each, but for a fifth",
                     max(values) <= 1.2 * min(values))

    def regressions(self):
        if not self.compared and not self.before:
            return
        self.row(f"{self.compared} rows are at most 1 % above those before: "
                 f"{self.most_above:.2%}", self.compared and self.most_above <= 0.01)
        if self.full:
            for work, n in self.before:
                print(f"    {work} {n}")
            self.row(f"{len(self.before)} rows of those before are not measured any more",
                     not self.before)


LOOKUPS = (
    ("address", "address -> symbol"),
    ("name", "name -> value, last entries"),
    ("miss", "name that is not there"),
)


def lookups(table, figures):
    table.title("Lookups, instructions")
    for work, what in LOOKUPS:
        for n in SIZES:
            table.put(what, n, *(figures.lookup("plain", tree, work, n) for tree in TREES))
        # The smallest table has fewer symbols than a page of text.
        table.flat(what, [ticks for n in SIZES[1:]
                          for ticks in figures.lookup("plain", "linux", work, n)])
    table.put("plain name, in none of 200 modules", 200,
              *(figures.lookup("ftrace", tree, "plain", 200) for tree in TREES))
    table.put("vmlinux's own, kallsyms_lookup()", "",
              *(figures.lookup("plain", tree, "vmlinux", 256) for tree in TREES))


def totals(figures, config, n):
    return [[load["total"] for load in figures.load(config, tree, n)] for tree in TREES]


def loads(table, figures):
    table.title("Loads, instructions of init_module()")
    for n in SIZES:
        table.put("load, ftrace off", n, *totals(figures, "plain", n), part=1.18)
    for n in SIZES:
        table.put("load, ftrace on", n, *totals(figures, "ftrace", n), part=1)
    for name in ("xfs", "btrfs", "ext4"):
        table.put(f"load {name}, ftrace on", "", *totals(figures, "ftrace", name), part=1)
    for config, what in (("ftrace", "on"), ("plain", "off")):
        names = figures.tree_modules(config, "load")
        sums = [[sum(run) for run in zip(*(totals(figures, config, n)[side] for n in names))]
                for side in range(2)]
        table.put(f"load modules of the tree, ftrace {what}", str(len(names)), *sums, part=1.18)
    for name in EXPORTS:
        for symbols, *_ in figures.get("plain", "linux", "tables", name)[:1]:
            table.put(f"load {name}, ftrace off", symbols, *totals(figures, "plain", name),
                      part=1.21)


# What each is measured as, and what is promised of loads of xfs, udf and 10,010 symbols.
ARCHITECTURES = (
    ("amd64", "plain", (1.05, 1.06, 1.18)),
    ("arm64", "arm64", (1.2, 1.15, 2.25)),
    ("riscv64", "riscv64", (1.15, 1.25, 1.5)),
)


def building(figures, config):
    """Instructions of our building beyond stock's, a named entry and a mapping symbol.

    Of a generated module; where xfs is mostly mapping symbols, the two are two equations.
    """
    rows = []
    for n in ("10010", "xfs"):
        if not figures.get(config, "linux", "tables", n):
            return ()
        (entries, *_, labels), *_ = figures.get(config, "linux", "tables", n)
        stock, ours = (figures.load(config, tree, n)[0]["build"] for tree in TREES)
        rows.append((entries - labels, labels, ours - stock))
    (a, b, x), (c, d, y) = rows
    if d < c:
        return x / a, None
    return (x * d - b * y) / (a * d - b * c), (a * y - c * x) / (a * d - b * c)


def architectures(table, figures):
    table.title("By architecture, modules that strip -g has been at, ftrace off")
    for arch, config, parts in ARCHITECTURES:
        for n, part in zip(("xfs", "udf", "10010"), parts):
            table.put(f"{arch}: load {n}", "", *totals(figures, config, n), part=part)
        for work, what in LOOKUPS if config in LABELS else ():
            for n in (1010, 10010):
                table.put(f"{arch}: {what}", n, *(figures.lookup(config, tree, work, n)
                                                  for tree in TREES), part=1 / 20)
        names = [n for n in ("xfs", "udf", "10010")
                 if all(figures.get(config, tree, "tables", n) for tree in TREES)]
        sides = [[[sum(column) for column in zip(*run)]
                  for run in zip(*(figures.get(config, tree, "tables", n) for n in names))]
                 for tree in TREES]
        table.put(f"{arch}: bytes of their core tables", "",
                  *([sum(run[1:5]) for run in side] for side in sides))
        table.put(f"{arch}: pages of their data until init has ended", "",
                  *([run[6] for run in side] for side in sides))
        for took, what in zip(building(figures, config), ("a named entry", "a mapping symbol")):
            if took is not None:
                print(f"    {arch}: building takes {took:.0f} more {what}")


def walks(table, figures):
    table.title("Walks, instructions")
    for work, n, what in (("functions", 3, "available_filter_functions"),
                          ("kallsyms", 200, "/proc/kallsyms by 64 KiB, n modules")):
        table.put(what, n, *([ticks for ticks, *_ in figures.get("ftrace", tree, work, n)]
                             for tree in TREES), part=1)
    table.put("module_kallsyms_on_each_symbol(), a symbol", 200,
              *(figures.lookup("ftrace", tree, "each", 200) for tree in TREES), part=1, digits=1)


def read_line(figures, tree, before, n):
    """Ticks of a line of the last modules of @n, in each run"""
    return [(ticks - less) / (lines - fewer) for (ticks, lines, _), (less, fewer, _) in
            zip(figures.get("ftrace", tree, "read", n), figures.get("ftrace", tree, "read", before))]


# Numbers of modules that it is read with
READS = (0, 100, 200, 400)


def reads(figures, n):
    return [[ticks for ticks, *_ in figures.get("ftrace", tree, "read", n)] for tree in TREES]


def callers(table, figures):
    table.title("Callers, instructions; modules of 711 symbols")
    for n in READS:
        table.put("whole /proc/kallsyms by 4 KiB, n modules", n, *reads(figures, n), part=1)
    ours = []
    for before, n in ((0, 100), (100, 200), (200, 400)):
        lines = [read_line(figures, tree, before, n) for tree in TREES]
        table.put(f"a line of it, of modules {before + 1} to {n}", n, *lines)
        ours += lines[1]
    table.flat("a line of it", ours)
    for n, what in (("mod:function", "mod:function"), ("module", "a module's function"),
                    ("vmlinux", "vmlinux's function"), ("none", "no such function")):
        table.put(f"kprobe event, {what}", 200,
                  *([ticks for ticks, in figures.get("ftrace", tree, "kprobe", n)]
                    for tree in TREES), part=1)
    # 6.12's fprobes walk no symbols.
    for n, what in (("module", "a module's function"), ("vmlinux", "vmlinux's function")):
        table.put(f"fprobe event, {what}", 200,
                  *([ticks for ticks, in figures.get("ftrace", tree, "fprobe", n)]
                    for tree in TREES), part=None if table.of_612 else 1)
    table.put("klp_find_object_symbol(), last functions", 17510,
              *(figures.lookup("ftrace", tree, "klp", 17510) for tree in TREES))
    table.put("stack trace of 16 functions", 17510,
              *([ticks for ticks, *_ in figures.get("ftrace", tree, "stack", 17510)]
                for tree in TREES))


def split(figures):
    """No rewrite of kallsyms.c can change "all else"."""
    if ("plain", "linux") not in figures.runs and ("ftrace", "linux") not in figures.runs:
        return
    print("\nWhere a load goes, instructions")
    print(f"  {'':<10} {'n':>6} {'':<8}{'in all':>15} {'lookups':>8} {'in lookups':>15} "
          f"{'our building':>13} {'a symbol':>9} {'all else':>12}  of stock's all")
    for config, what in (("plain", "ftrace off"), ("ftrace", "ftrace on")):
        for n in (*SIZES, "xfs", "btrfs", "ext4"):
            stock = figures.load(config, "stock", n)
            for tree, name in zip(TREES, ("stock", "rewrite")):
                for load in figures.load(config, tree, n)[:1]:
                    entries = figures.get(config, tree, "tables", n)[0][0]
                    least = f"  {ratio(load['else'] / stock[0]['total'])}" if stock else ""
                    print(f"  {what:<10} {n:>6} {name:<8}{load['total']:>15,.0f} "
                          f"{load['lookups']:>8,} {load['lookup']:>15,.0f} {load['build']:>13,} "
                          f"{load['build'] / entries:>9.1f} {load['else']:>12,.0f}{least}")
    for extra, inner in figures.get("ftrace", "linux", "wrapper", 1000)[:1]:
        print(f"  To take the time of a lookup took {extra / 1000:.1f} instructions, {inner / 1000:.1f} "
              f"of them within that time; they are left out, above too.")


def tables(table, figures):
    table.title("Code, and core tables of the tree's modules, bytes")
    table.put("text of kallsyms.o, -O2", "",
              *([text for text, *_ in figures.get("plain", tree, "text", "kallsyms.o")]
                for tree in TREES))
    lld = [n for n in figures.names("plain", "tables") if n.startswith("lld-")]
    for config, what, names in (
            ("ftrace", "KALLSYMS_ALL=y, ftrace on", None),
            ("plain", "KALLSYMS_ALL=y, ftrace off", None),
            ("plain", "the same, ld.lld and llvm-strip -g", lld),
            ("text", "KALLSYMS_ALL=n, ftrace off", None)):
        if names is None:
            names = figures.tree_modules(config, "tables")
        both = [n for n in names
                if all(figures.get(config, tree, "tables", n) for tree in TREES)]
        if not both:
            continue
        sides = [[[sum(column) for column in zip(*run)]
                  for run in zip(*(figures.get(config, tree, "tables", n) for n in both))]
                 for tree in TREES]
        for column, part in enumerate(("symbols", "strings", "types", "index"), 1):
            table.put(f"{part}, {what}", str(len(both)), *([run[column] for run in side]
                                                           for side in sides))
        table.put(f"all, {what}", str(len(both)), *([sum(run[1:5]) for run in side]
                                                    for side in sides), part=1)
        more = [n for n in both if figures.get(config, "linux", "tables", n)[0][5] >
                figures.get(config, "stock", "tables", n)[0][5]]
        table.put(f"pages of MOD_DATA, {what}", str(len(both)),
                  *([run[5] for run in side] for side in sides), part=1)
        table.row(f"at most one in twenty has a page more ({what})", len(more) * 20 <= len(both))
        if more:
            print(f"    {len(more)} with a page more: {', '.join(more)}")


def uml(figures):
    sizes = [int(n) for n in figures.names("uml", "address")]
    if not sizes:
        return
    print(f"\nLookups, ns, UML on this machine, random addresses, median of "
          f"{len(figures.get('uml', 'stock', 'address', sizes[0]))} runs\n{HEAD}")
    for work, what in LOOKUPS + (("vmlinux", "vmlinux's own, kallsyms_lookup()"),):
        for n in sizes if work != "vmlinux" else [4096]:
            print(line(f"UML: {what}", n if work != "vmlinux" else "",
                       *(statistics.median(figures.lookup("uml", tree, work, n))
                         for tree in TREES)))


def exponent(points):
    """Least squares on a log-log scale: k in cost ~ n^k."""
    points = [(math.log(n), math.log(value)) for n, value in points if value > 0]
    if len(points) < 2:
        return math.nan
    mean_x, mean_y = (statistics.mean(axis) for axis in zip(*points))
    return (sum((x - mean_x) * (y - mean_y) for x, y in points) /
            sum((x - mean_x) ** 2 for x, _ in points))


def growth(figures):
    if ("plain", "linux") not in figures.runs:
        return
    print("\nHow the cost grows: k in n^k, fitted")
    print(f"  {'':<45} {'stock':>8} {'rewrite':>8}")
    curves = [(what, "plain", lambda c, t, n, w=work: figures.lookup(c, t, w, n))
              for work, what in LOOKUPS]
    for config, what in (("plain", "off"), ("ftrace", "on")):
        curves.append((f"load, ftrace {what}", config,
                       lambda c, t, n: [load["total"] for load in figures.load(c, t, n)]))
    for what, config, cost in curves:
        fitted = [exponent([(n, cost(config, tree, n)[0]) for n in SIZES if cost(config, tree, n)])
                  for tree in TREES]
        print(f"  {what:<45} {fitted[0]:>8.2f} {fitted[1]:>8.2f}")


def answers(table, figures):
    """Stock and rewrite must have measured the same."""
    print("\nAnswers")
    for config in ("ftrace", "plain", "uml") + LABELS:
        if (config, "stock") not in figures.runs:
            continue
        bad = []
        for work, *_ in LOOKUPS:
            for n in figures.names(config, work):
                if len({numbers[2] for tree in TREES
                        for numbers in figures.get(config, tree, work, n)}) != 1:
                    bad.append((work, n))
        for work, n in (("each", 200), ("klp", 17510), ("stack", 17510)):
            sides = [figures.get(config, tree, work, n) for tree in TREES]
            if all(sides) and len({numbers[2] for side in sides for numbers in side}) != 1:
                bad.append((work, n))
        for n in figures.names(config, "tables"):
            sides = [figures.get(config, tree, "tables", n) for tree in TREES]
            if all(sides) and sides[0][0][0] != sides[1][0][0] or \
                    n.isdigit() and config not in LABELS and any(run[0] != int(n) for side in sides for run in side):
                bad.append(("entries", n))
        texts = [figures.get(config, tree, "text", "kallsyms.o") for tree in TREES]
        if all(texts) and texts[0][0] == texts[1][0]:
            bad.append(("one kernel, measured twice", config))
        table.row(f"the same of stock and rewrite, {config}", not bad)
        if bad:
            print(f"    {bad}")
    for checked, wrong in figures.get("plain", "linux", "check", 70010)[:1]:
        table.row(f"70,010 symbols: {checked} looked up both ways", not wrong)


def data(figures, directory):
    """A line "n ..." for each n; what was not measured is a question mark."""
    def number(values):
        return f"{values[0]:.1f}" if values else "?"

    with open(directory / "lookup.dat", "w", encoding="ascii") as out:
        for n in SIZES:
            print(n, *(number(figures.lookup("plain", tree, work, n))
                       for work, _ in LOOKUPS for tree in TREES),
                  number(figures.lookup("plain", "linux", "vmlinux", 256)), file=out)
    with open(directory / "load.dat", "w", encoding="ascii") as out:
        for n in SIZES:
            own = figures.lookup("ftrace", "linux", "vmlinux", 256)
            lookups = [load["lookups"] for load in figures.load("ftrace", "linux", n)]
            print(n, *(number(side) for config in ("plain", "ftrace")
                       for side in totals(figures, config, n)),
                  number([a * b for a, b in zip(own, lookups)]), file=out)
    with open(directory / "read.dat", "w", encoding="ascii") as out:
        for n in READS:
            print(n, *(number(side) for side in reads(figures, n)), file=out)


def main():
    full = sys.argv[1] == "full"
    version, compiler, before, directory = *sys.argv[2:4], *map(Path, sys.argv[4:6])
    figures = Figures(sys.argv[6:])
    table = Table(full, version, compiler, before)
    lookups(table, figures)
    loads(table, figures)
    architectures(table, figures)
    walks(table, figures)
    callers(table, figures)
    tables(table, figures)
    split(figures)
    growth(figures)
    uml(figures)
    answers(table, figures)
    table.regressions()
    data(figures, directory)
    return table.verdict()


sys.exit(main())
