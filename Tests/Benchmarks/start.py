#!/usr/bin/env python3
"""What it costs to start the command: start.py --static HOOKWALK [--dynamic HOOKWALK] [--samples 25] [--bound]

Compares the static executable that is shipped (.ci/release), the dynamic one (swift build -c release) and /bin/true: the
processor's instructions in user space, counted by `perf stat` or, where the machine has no such counter, by callgrind; and the
time from fork to the end. The sides alternate for each sample; medians and the spread (smallest to largest) are printed.

--bound fails when the static executable takes more instructions than stated below; times have no bound."""
import argparse
import glob
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"
PACKET = "in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 deliver"
CALLS = {"--version": ["--version"], "help": ["help"], "trace of one packet": ["trace", "--rules", "RULES", PACKET]}
# Instructions in user space. Measured: 115,000, 421,000 and 10,600,000; /bin/true 109,000.
BOUNDS = {"--version": 300_000, "help": 900_000, "trace of one packet": 12_000_000}
# Without random seeds of hash tables two runs do the same.
ENVIRONMENT = {"SWIFT_DETERMINISTIC_HASHING": "1", "PATH": os.environ.get("PATH", "")}


def run(command):
    return subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def with_perf(command):
    """The instructions of a command by the processor's counter, or None."""
    text = run(["perf", "stat", "-x", ",", "-e", "instructions:u", *command]).stderr
    found = re.search(r"^(\d+),[^,]*,instructions:u", text, re.M)
    return int(found.group(1)) if found else None


def with_callgrind(command):
    """The instructions of a command by valgrind, or None."""
    with tempfile.NamedTemporaryFile() as out:
        text = run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", *command]).stderr
    found = re.search(r"Collected : (\d+)", text)
    return int(found.group(1)) if found else None


def counter():
    """The way to count instructions, and its name."""
    if shutil.which("perf") and with_perf(["/bin/true"]) is not None:
        return with_perf, "perf stat"
    if shutil.which("valgrind") and with_callgrind(["/bin/true"]) is not None:
        return with_callgrind, "callgrind"
    return None, None


def mitigations():
    """What the kernel does against faults of the processor, which starting pays for."""
    names = []
    for path in sorted(glob.glob("/sys/devices/system/cpu/vulnerabilities/*")):
        with open(path) as file:
            text = file.read().strip()
        if not text.startswith("Not affected"):
            names.append(f"{os.path.basename(path)}: {text}")
    return names


def wall(command):
    """Microseconds from fork to the end."""
    start = time.perf_counter_ns()
    subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter_ns() - start) / 1000


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--static", required=True)
    p.add_argument("--dynamic")
    p.add_argument("--samples", type=int, default=25)
    p.add_argument("--bound", action="store_true")
    a = p.parse_args()
    count, name = counter()
    print(f"instructions by {name}" if count else "instructions are not counted: needs perf's counter or valgrind")
    for line in mitigations():
        print(f"mitigation: {line}")
    sides = {"static": a.static, **({"dynamic": a.dynamic} if a.dynamic else {})}
    over = []
    with tempfile.NamedTemporaryFile("w", suffix=".rules") as rules:
        rules.write(RULES)
        rules.flush()
        for call, arguments in CALLS.items():
            arguments = [rules.name if x == "RULES" else x for x in arguments]
            commands = {side: [path, *arguments] for side, path in sides.items()}
            commands["/bin/true"] = ["/bin/true"]
            for side, command in commands.items():
                if run(command).returncode != 0:
                    sys.exit(f"{side}: {' '.join(command)} failed")
            times = {side: [] for side in commands}
            for sample in range(a.samples):
                for side in sorted(commands, reverse=sample % 2 == 1):
                    times[side].append(wall(commands[side]))
            for side, command in commands.items():
                counts = sorted(filter(None, (count(command) for _ in range(3)))) if count else []
                t = sorted(times[side])
                spent = f"{statistics.median(counts):12,.0f} ({counts[0]:,} to {counts[-1]:,})" if counts else "not counted"
                print(f"{call:20} {side:10} {spent} instructions, {statistics.median(t):8.0f} ({t[0]:.0f} to {t[-1]:.0f}) us")
                if side == "static" and counts and statistics.median(counts) > BOUNDS[call]:
                    over.append(f"{call}: {statistics.median(counts):,.0f} instructions, more than {BOUNDS[call]:,}")
    if a.bound and not count:
        print("skipped: the bound needs a count of instructions")
    if a.bound and over:
        sys.exit("\n".join(over))


if __name__ == "__main__":
    main()
