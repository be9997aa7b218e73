#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Turn what the guests said into a table and the plots' data.

report.py full|quick VERSION DIR FILE...

VERSION is the kernel's. FILE is named CONFIG-TREE.KIND.RUN and has lines WORK N
NUMBERS... as measure prints them. The plots' data go to DIR. Exits with 1 if a goal is
missed, stock and rewrite answer differently, or (full) two runs of a guest
differ by more than 0.1 %.
"""

import math
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from results import Results, ratio

SIZES = (110, 1010, 10010, 60010)
MILLION = 1000000
# find_symbol.sh's modules are not in the sums.
EXPORTS = ("test_kallsyms_a", "test_kallsyms_b", "test_kallsyms_c", "test_kallsyms_d")
TREES = ("stock", "linux")
# Labels are on top of the number of entries.
LABELS = ("arm64", "riscv64")
HEAD = f"  {'':<45} {'n':>6} {'stock':>15} {'rewrite':>15} {'ratio':>8}"


def line(work, n, stock, ours, digits=0):
    return (f"  {work:<45} {n if isinstance(n, str) else format(n, ','):>6} "
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
    """A row of figures fails if it misses its goal, or if its runs differ."""

    def __init__(self, full, version):
        super().__init__()
        self.full = full
        self.version = version
        self.head = None
        self.of_612 = version.startswith("6.12.")

    def title(self, text):
        """Printed before the first row, if there is one."""
        self.head = (f"\n{text}, Linux {self.version}\n{HEAD}  {'goal':<16}"
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

    def put(self, work, n, stock, ours, most=None, part=None, digits=0):
        """One row, if it was measured.

        The goal is at most that much, or at most that part of stock's. Up to
        2 % more meet it, too.
        """
        if not stock or not ours:
            return
        if self.head:
            print(self.head)
            self.head = None
        goal, limit = "", math.inf
        if most is not None:
            goal, limit = f"<= {most:,}", most
        elif part is not None:
            goal, limit = f"<= {ratio(part)}", part * stock[0]
        name = f"{work}, {n}" if n else work
        runs = self.deviation(name, stock, ours)
        verdict = ""
        if ours[0] > limit * 1.02:
            self.failed.append(f"{name}: goal missed")
            verdict = "MISSED"
        elif goal:
            self.passed += 1
        print(f"{line(work, n, stock[0], ours[0], digits)}  {goal:<16}{runs:<8}{verdict}".rstrip())


LOOKUPS = (
    ("address", "address -> symbol", (385, 385, 400, 400)),
    ("name", "name -> value, last entries", (450,) * 4),
    ("miss", "name that is not there", (165,) * 4),
)


def lookups(table, figures):
    table.title("Lookups, instructions (-O2)")
    for work, what, goals in LOOKUPS:
        for n, goal in zip(SIZES, goals):
            table.put(what, n, *(figures.lookup("plain", tree, work, n) for tree in TREES),
                      most=goal)
    table.put("plain name, in none of 200 modules", 200,
              *(figures.lookup("ftrace", tree, "plain", 200) for tree in TREES), most=17000)
    reference = [figures.lookup("plain", tree, "vmlinux", 256) for tree in TREES]
    table.put("vmlinux's own, kallsyms_lookup()", "", *reference)
    for n in SIZES:
        table.put("address -> symbol, vmlinux's own is 1", n,
                  *([a / b for a, b in zip(figures.lookup("plain", tree, "address", n), own)]
                    for tree, own in zip(TREES, reference)), digits=3)


def totals(figures, config, n):
    return [[load["total"] for load in figures.load(config, tree, n)] for tree in TREES]


def loads(table, figures):
    table.title("Loads, instructions of init_module()")
    for n in SIZES:
        table.put("load, ftrace off", n, *totals(figures, "plain", n), part=1.12)
    # The rest of the kernel takes its share, which differs by release: goals are 6.12's.
    goals = (None, None, 31 * MILLION, 190 * MILLION) if table.of_612 else (None,) * 4
    for n, goal in zip(SIZES, goals):
        table.put("load, ftrace on, -Os", n, *totals(figures, "size", n), most=goal)
    for config, what in (("plain", "off"), ("size", "on")):
        large, small = (totals(figures, config, n) for n in (60010, 10010))
        table.put(f"load of 60,010, of 10,010 is 1, ftrace {what}", "",
                  *([a / b for a, b in zip(*pair)] for pair in zip(large, small)),
                  most=7, digits=2)
    for name, goal in (("xfs", 305), ("btrfs", 123), ("ext4", 44)):
        table.put(f"load {name}, ftrace on", "", *totals(figures, "ftrace", name),
                  most=goal * MILLION if table.of_612 else None)
    for config, what, goal in (("ftrace", "on", None), ("plain", "off", 1.025)):
        names = figures.tree_modules(config, "load")
        sums = [[sum(run) for run in zip(*(totals(figures, config, n)[side] for n in names))]
                for side in range(2)]
        table.put(f"load {len(names)} modules of the tree, ftrace {what}", "", *sums, part=goal)
    for name in EXPORTS:
        for symbols, *_ in figures.get("plain", "linux", "tables", name)[:1]:
            table.put(f"load {name}, ftrace off", symbols, *totals(figures, "plain", name))


# What each is measured as, and the goals of loads of xfs, udf and 10,010 symbols, of our building
# beyond stock's, a named entry and a mapping symbol, and of lookups.
ARCHITECTURES = (
    ("amd64", "plain", (1.05, 1.05, 1.12), (350, None), None),
    ("arm64", "arm64", (1.12, None, 1.85), (370, 60), 1 / 20),
    ("riscv64", "riscv64", (1.15, 1.25, 1.5), (700, 60), 1 / 20),
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
    for arch, config, goals, most, lookup in ARCHITECTURES:
        for n, goal in zip(("xfs", "udf", "10010"), goals):
            table.put(f"{arch}: load {n}", "", *totals(figures, config, n), part=goal)
        for work, what, _ in LOOKUPS if lookup else ():
            for n in (1010, 10010):
                table.put(f"{arch}: {what}", n, *(figures.lookup(config, tree, work, n)
                                                  for tree in TREES), part=lookup)
        names = [n for n in ("xfs", "udf", "10010")
                 if all(figures.get(config, tree, "tables", n) for tree in TREES)]
        sides = [[[sum(column) for column in zip(*run)]
                  for run in zip(*(figures.get(config, tree, "tables", n) for n in names))]
                 for tree in TREES]
        table.put(f"{arch}: bytes of their core tables", "",
                  *([sum(run[1:5]) for run in side] for side in sides))
        table.put(f"{arch}: pages of their data until init has ended", "",
                  *([run[6] for run in side] for side in sides))
        for took, goal, what in zip(building(figures, config), most,
                                    ("a named entry", "a mapping symbol")):
            if took is not None:
                table.row(f"{arch}: building takes {took:.0f} more {what}, goal {goal}",
                          took <= goal * 1.02)


def walks(table, figures):
    table.title("Walks, instructions")
    for work, n, what, goal in (
            ("functions", 3, "available_filter_functions", 1 / 15),
            ("kallsyms", 200, "/proc/kallsyms, 200 modules", 1)):
        table.put(what, n, *([ticks for ticks, *_ in figures.get("ftrace", tree, work, n)]
                             for tree in TREES), part=goal)
    table.put("module_kallsyms_on_each_symbol(), a symbol", 200,
              *(figures.lookup("ftrace", tree, "each", 200) for tree in TREES), part=1, digits=1)


def read_line(figures, tree, before, n):
    """Ticks of a line of the last modules of @n, in each run"""
    return [(ticks - less) / (lines - fewer) for (ticks, lines, _), (less, fewer, _) in
            zip(figures.get("ftrace", tree, "read", n), figures.get("ftrace", tree, "read", before))]


def callers(table, figures):
    table.title("Callers, instructions; modules of 711 symbols")
    for n, goal in ((200, 1 / 2.4), (0, 1 / 1.8)):
        table.put("whole /proc/kallsyms by 4 KiB, n modules", n,
                  *([ticks for ticks, *_ in figures.get("ftrace", tree, "read", n)]
                    for tree in TREES), part=goal)
    ours = []
    for before, n in ((0, 100), (100, 200), (200, 400)):
        lines = [read_line(figures, tree, before, n) for tree in TREES]
        table.put(f"a line of it, of modules {before + 1} to {n}", n, *lines, most=1400)
        ours += lines[1]
    if ours:
        table.row("the same at each, but for a twentieth", max(ours) <= 1.05 * min(ours))
    # Later kernels look for vmlinux's functions in vmlinux alone; 6.12's fprobes walk no symbols.
    goals = (1, 1 / 15, 1 / 12 if table.of_612 else 1, 1 / 12)
    for (n, what), goal in zip((("mod:function", "mod:function"), ("module", "a module's function"),
                                ("vmlinux", "vmlinux's function"), ("none", "no such function")),
                               goals):
        table.put(f"kprobe event, {what}", 200,
                  *([ticks for ticks, in figures.get("ftrace", tree, "kprobe", n)]
                    for tree in TREES), part=goal)
    for n, what in (("module", "a module's function"), ("vmlinux", "vmlinux's function")):
        table.put(f"fprobe event, {what}", 200,
                  *([ticks for ticks, in figures.get("ftrace", tree, "fprobe", n)]
                    for tree in TREES), part=None if table.of_612 else 1 / 12)
    table.put("klp_find_object_symbol(), last functions", 17510,
              *(figures.lookup("ftrace", tree, "klp", 17510) for tree in TREES), most=3000)
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
    for config, what in (("plain", "ftrace off"), ("size", "on, -Os"), ("ftrace", "ftrace on")):
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
                for tree in TREES), most=8100)
    lld = [n for n in figures.names("plain", "tables") if n.startswith("lld-")]
    for config, what, goal, names in (
            ("ftrace", "KALLSYMS_ALL=y, ftrace on", 0.935, None),
            ("plain", "KALLSYMS_ALL=y, ftrace off", 0.925, None),
            ("plain", "the same, ld.lld and llvm-strip -g", 0.95, lld),
            ("text", "KALLSYMS_ALL=n, ftrace off", 0.895, None)):
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
                                                    for side in sides), part=goal)
        more = [n for n in both if figures.get(config, "linux", "tables", n)[0][5] >
                figures.get(config, "stock", "tables", n)[0][5]]
        table.put(f"pages of MOD_DATA, {what}", str(len(both)),
                  *([run[5] for run in side] for side in sides), part=goal and 1)
        if goal:
            table.row(f"at most one in twenty has a page more ({what})",
                      len(more) * 20 <= len(both))
        if more:
            print(f"    {len(more)} with a page more: {', '.join(more)}")


def uml(figures):
    sizes = [int(n) for n in figures.names("uml", "address")]
    if not sizes:
        return
    print(f"\nLookups, ns, UML on this machine, random addresses, median of "
          f"{len(figures.get('uml', 'stock', 'address', sizes[0]))} runs\n{HEAD}")
    for work, what, _ in LOOKUPS + (("vmlinux", "vmlinux's own, kallsyms_lookup()", ()),):
        for n in sizes if work != "vmlinux" else [4096]:
            print(line(what, n if work != "vmlinux" else "",
                       *(statistics.median(figures.lookup("uml", tree, work, n))
                         for tree in TREES)))
    for n in figures.names("uml", "time"):
        print(line("whole /proc/kallsyms by 4 KiB, n modules", int(n), *read_times(figures, n)))


def read_times(figures, n):
    return [statistics.median(time for time, *_ in figures.get("uml", tree, "time", n))
            for tree in TREES]


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
              for work, what, _ in LOOKUPS]
    for config, what in (("plain", "off"), ("size", "on")):
        curves.append((f"load, ftrace {what}", config,
                       lambda c, t, n: [load["total"] for load in figures.load(c, t, n)]))
    for what, config, cost in curves:
        fitted = [exponent([(n, cost(config, tree, n)[0]) for n in SIZES if cost(config, tree, n)])
                  for tree in TREES]
        print(f"  {what:<45} {fitted[0]:>8.2f} {fitted[1]:>8.2f}")


def answers(table, figures):
    """Stock and rewrite must have measured the same."""
    print("\nAnswers")
    for config in ("size", "ftrace", "plain", "uml") + LABELS:
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
                       for work, *_ in LOOKUPS for tree in TREES),
                  number(figures.lookup("plain", "linux", "vmlinux", 256)), file=out)
    with open(directory / "load.dat", "w", encoding="ascii") as out:
        for n in SIZES:
            own = figures.lookup("size", "linux", "vmlinux", 256)
            lookups = [load["lookups"] for load in figures.load("size", "linux", n)]
            print(n, *(number(side) for config in ("plain", "size")
                       for side in totals(figures, config, n)),
                  number([a * b for a, b in zip(own, lookups)]), file=out)
    with open(directory / "read.dat", "w", encoding="ascii") as out:
        for n in figures.names("uml", "time"):
            print(n, *(f"{time / MILLION:.2f}" for time in read_times(figures, n)), file=out)


def main():
    full = sys.argv[1] == "full"
    directory = Path(sys.argv[3])
    figures = Figures(sys.argv[4:])
    table = Table(full, sys.argv[2])
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
    data(figures, directory)
    return table.verdict()


sys.exit(main())
