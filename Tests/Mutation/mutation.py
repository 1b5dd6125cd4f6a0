#!/usr/bin/env python3
"""Plants the defects of defects.toml one at a time, and says which of them the tests notice:

mutation.py [--only PATTERN,...] [--sample N --seed S] [--jobs 2] [--folder DIR] [--check]

The sources and the tests are copied to DIR. There every defect is planted at once, each behind a switch, so that one build serves all;
then the tests run once without a defect, and once for each, until the first of them fails. A defect whose place is gone, or is no
longer the only one like it, is an error; --check looks for that and does nothing else. Exit 1 when a defect was not noticed that
has no judgement in the list, or when fewer than 95 % of the whole list were noticed."""
import argparse
import concurrent.futures
import fnmatch
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NEEDED = ["Package.swift", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".swift-format", "Docs", "Sources", "Tests", "Fixtures"]
# What looks at the text of Sources, in which the planted switches stand; the switch is a public name, too.
BLIND = ["ArchitectureTests", "SourceTests", "PublicNamesTests", "DiagnosticCatalogueTests"]
# Suites that take long: they run when the others have noticed nothing.
LATE = ["ChainGraphTests", "FlowBranchesTests", "FlowSuiteTests", "ConditionPropertyTests", "MutationTests", "RestoreParserTests"]
# The modules that use no other; NetfilterModel's switch serves those above it too.
LOWEST = ["NetfilterModel", "ShellScript"]
SWITCH = """// The switch that mutation.py plants with each defect.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

private let defect: Int = getenv("HOOKWALK_DEFECT").flatMap { Int(String(cString: $0)) } ?? 0

/// Whether a defect is the planted one.
public func plantedDefect(_ number: Int) -> Bool { defect == number }
"""
# A failure as Swift Testing prints it, or a trap; the first one is enough.
FAILURE = re.compile(r"(?m)^(?:✘ Test (?!run )(?:case passing .* to )?(.*?) (?:recorded an issue|failed)|(.*Fatal error.*))")


class Defect:
    def __init__(self, name, number, entry):
        unknown = set(entry) - {"in", "find", "with", "after", "survives"}
        if unknown or not {"in", "find", "with"} <= set(entry):
            raise SystemExit(f"{name}: an entry has in, find, with, and perhaps after and survives; here: {', '.join(entry)}")
        self.name, self.number = name, number
        self.path, self.find, self.after = entry["in"], entry["find"], entry.get("after")
        self.survives = entry.get("survives")
        switch = f"plantedDefect({number})"
        planted = entry["with"]
        self.planted = planted.replace("PLANTED", switch) if "PLANTED" in planted else f"({switch} ? ({planted}) : ({self.find}))"
        self.outcome = None

    def place(self, text):
        """Where the text to replace begins; an error if it is not there, or is there twice."""
        start = 0
        if self.after is not None:
            if text.count(self.after) != 1:
                raise LookupError(f"{self.name}: {self.path} has `{self.after}` {text.count(self.after)} times")
            start = text.index(self.after)
        elif text.count(self.find) != 1:
            raise LookupError(f"{self.name}: {self.path} has `{self.find}` {text.count(self.find)} times")
        at = text.find(self.find, start)
        if at < 0:
            raise LookupError(f"{self.name}: {self.path} has no `{self.find}` behind `{self.after}`")
        return at


def read():
    with open(os.path.join(HERE, "defects.toml"), "rb") as f:
        areas = tomllib.load(f)
    entries = [(f"{area}.{name}", entry) for area, group in areas.items() for name, entry in group.items()]
    return [Defect(name, number, entry) for number, (name, entry) in enumerate(entries, 1)]


def planted_sources(defects):
    """The files of Sources with every defect planted, by path; ends with what is wrong when a place is gone."""
    files, wrong = {}, []
    for path in sorted({d.path for d in defects}):
        try:
            with open(os.path.join(ROOT, "Sources", path)) as f:
                text = f.read()
        except OSError as error:
            wrong += [f"{d.name}: {path}: {error.strerror}" for d in defects if d.path == path]
            continue
        places = []
        for d in (d for d in defects if d.path == path):
            try:
                places.append((d.place(text), d))
            except LookupError as error:
                wrong.append(str(error))
        places.sort(key=lambda p: p[0])
        for (at, d), (next_at, other) in zip(places, places[1:]):
            if at + len(d.find) > next_at:
                wrong.append(f"{d.name} and {other.name} overlap")
        for at, d in reversed(places):
            text = text[:at] + d.planted + text[at + len(d.find):]
        if not re.search(r"(?m)^ *(?:@\w+ )?(?:public )?import NetfilterModel$", text) and path.split("/")[0] not in LOWEST:
            text = "import NetfilterModel\n" + text
        files[path] = text
    if wrong:
        raise SystemExit("\n".join(["the place of a defect is gone, or is no longer the only one: mend defects.toml"] + wrong))
    return files


def write(path, data):
    """Writes a file unless it is so already: the build looks at the time of its last change."""
    try:
        with open(path, "rb") as f:
            if f.read() == data:
                return
    except OSError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def copy(folder, sources):
    """Makes the folder the same as the project, but for the planted files."""
    wanted = {f"Sources/{module}/PlantedDefect.swift": SWITCH.replace("public func", "func" if module != "NetfilterModel" else "public func").encode() for module in LOWEST}
    for name in NEEDED:
        top = os.path.join(ROOT, name)
        paths = [top] if os.path.isfile(top) else [os.path.join(at, f) for at, _, files in os.walk(top) for f in files]
        for path in paths:
            with open(path, "rb") as f:
                wanted[os.path.relpath(path, ROOT)] = f.read()
    wanted |= {f"Sources/{path}": text.encode() for path, text in sources.items()}
    for path, data in wanted.items():
        write(os.path.join(folder, path), data)
    for name in ("Sources", "Tests", "Fixtures"):
        for at, _, files in os.walk(os.path.join(folder, name)):
            for f in files:
                if os.path.relpath(os.path.join(at, f), folder) not in wanted:
                    os.remove(os.path.join(at, f))


def build(folder, optimised):
    """Builds the tests, and returns their program."""
    options = ["-c", "release", "-Xswiftc", "-enable-testing"] if optimised else []
    r = subprocess.run(["swift", "build", "--build-tests"] + options, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if r.returncode:
        lines = list(dict.fromkeys(l for l in r.stdout.split("\n") if re.match(r"\S+: error:", l))) or r.stdout.split("\n")[-40:]
        raise SystemExit("\n".join(["the planted sources do not compile:"] + lines[:40]))
    where = subprocess.run(["swift", "build", "--show-bin-path"] + options, cwd=folder, text=True, capture_output=True).stdout.strip()
    bundles = [f for f in os.listdir(where) if f.endswith(".xctest")]
    if len(bundles) != 1:
        raise SystemExit(f"{where} has {len(bundles)} test bundles")
    return os.path.join(where, bundles[0])


def run(program, folder, number, timeout):
    """Runs the tests with a defect (0: none) until one fails: (what noticed it or None, seconds)."""
    start = time.monotonic()
    for part in ([x for s in BLIND + LATE for x in ("--skip", s)], [x for s in LATE for x in ("--filter", s)]):
        noticed = run_part(program, folder, number, timeout, part)
        if noticed:
            break
    return noticed, time.monotonic() - start


def run_part(program, folder, number, timeout, part):
    """Runs some of the tests until one fails, and returns what noticed the defect, or None."""
    # A folder of its own for what the tests leave behind when they are ended.
    with tempfile.TemporaryDirectory(prefix="hookwalk-mutation-") as scratch:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HOOKWALK_")}
        environment |= {"HOOKWALK_DEFECT": str(number), "TMPDIR": scratch}
        command = [program, "--testing-library", "swift-testing"] + part
        start = time.monotonic()
        with open(os.path.join(scratch, "log"), "w+b") as log:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
            seen, noticed = 0, None
            while True:
                ended = process.poll() is not None
                log.seek(seen)
                text = log.read()
                seen += max(0, text.rfind(b"\n"))
                found = FAILURE.search(text.decode(errors="replace"))
                if found:
                    noticed = (found[1] or found[2]).strip()[:100]
                elif ended and process.returncode:
                    noticed = f"the tests ended with {process.returncode}"
                elif time.monotonic() - start > timeout:
                    noticed = f"no end within {timeout:.0f} s"
                if noticed or ended:
                    break
                time.sleep(0.05)
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            if noticed and number == 0:
                log.seek(0)
                lines = log.read().decode(errors="replace").split("\n")
                sys.stderr.write("\n".join(l for l in lines if not l.startswith("◇"))[-8000:] + "\n")
    return noticed


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", default="", help="names of defects, * stands for anything, separated by commas")
    p.add_argument("--sample", type=int, default=0, metavar="N", help="N defects by chance")
    p.add_argument("--seed", default=os.environ.get("HOOKWALK_SEED") or None, help="of the chance; HOOKWALK_SEED")
    p.add_argument("--jobs", type=int, default=2, help="defects at a time")
    p.add_argument("--folder", help="where the copy is made and stays, so that the next build is short; a temporary one without it")
    p.add_argument("--optimised", action="store_true", help="build with -c release: the build takes longer, each run is shorter")
    p.add_argument("--check", action="store_true", help="only look whether each place is still there")
    a = p.parse_args()
    defects = read()
    sources = planted_sources(defects)
    if a.check:
        print(f"{len(defects)} defects, every place is there")
        return
    chosen = [d for d in defects if not a.only or any(fnmatch.fnmatch(d.name, p) for p in a.only.split(","))]
    if a.sample:
        seed = a.seed if a.seed is not None else str(random.SystemRandom().randrange(1 << 32))
        print(f"HOOKWALK_SEED={seed}")
        chosen = sorted(random.Random(seed).sample(chosen, min(a.sample, len(chosen))), key=lambda d: d.number)
    if not chosen:
        raise SystemExit("no defect has such a name")
    folder = os.path.abspath(a.folder) if a.folder else tempfile.mkdtemp(prefix="hookwalk-mutation-")
    try:
        start = time.monotonic()
        copy(folder, sources)
        program = build(folder, a.optimised)
        built = time.monotonic() - start
        noticed, seconds = run(program, folder, 0, 1200)
        if noticed:
            raise SystemExit(f"without a defect the tests must pass, but: {noticed}")
        print(f"built in {built:.0f} s; without a defect the tests pass in {seconds:.0f} s", flush=True)
        # Twice as many run at a time as did alone.
        timeout = max(120, 10 * seconds)
        with concurrent.futures.ThreadPoolExecutor(a.jobs) as threads:
            def work(d):
                d.outcome = run(program, folder, d.number, timeout)
                return d
            for d in threads.map(work, chosen):
                noticed, seconds = d.outcome
                print(f"{'noticed ' if noticed else 'SURVIVED'} {seconds:6.1f} s  {d.name:40} {noticed or d.survives or ''}", flush=True)
    finally:
        if not a.folder:
            shutil.rmtree(folder, ignore_errors=True)
    survivors = [d for d in chosen if not d.outcome[0]]
    unjudged = [d for d in survivors if not d.survives]
    print(f"\n{len(chosen)} defects, {len(chosen) - len(survivors)} noticed ({100 * (len(chosen) - len(survivors)) / len(chosen):.1f} %), "
          f"{len(survivors)} survived, {len(unjudged)} of them without a judgement; {time.monotonic() - start:.0f} s")
    for d in survivors:
        print(f"  {d.name}: {d.survives or 'NOT JUDGED'}")
    for d in chosen:
        if d.survives and d.outcome[0]:
            print(f"  {d.name} is judged a survivor, but was noticed: take its judgement out")
    whole = len(chosen) == len(defects)
    sys.exit(bool(unjudged) or whole and len(survivors) * 20 > len(chosen))


if __name__ == "__main__":
    main()
