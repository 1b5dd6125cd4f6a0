#!/usr/bin/env python3
"""Record what the kernel answers to the fixtures: record.py [--check] FIXTURE... or record.py [--check] --all

A fixture is a folder with scenario.json, whose "rules_file" names a file of rules beside it; the answer goes to kernel.json
in the same folder, with stable formatting and without the dates that a save carries. A file that ends in .jsonl is one of many
scenarios with their answers (compact.py); what differs there is asked a second time before it counts. --all: every folder
and every such file of Fixtures, which is sought upwards from here. --check writes nothing and compares with the recording
that is there. A recording that the kernel still agrees with is left as it is. Exit 1 if a scenario cannot be replayed,
or with --check if one differs."""
import glob
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import compact
import compare
import kernel
import report


def fixtures():
    folder = os.path.dirname(os.path.abspath(__file__))
    while folder != "/":
        for candidate in (os.path.join(folder, "Fixtures"), os.path.join(folder, "Tests", "Fixtures")):
            if os.path.isdir(candidate):
                return sorted(os.path.join(candidate, f) for f in os.listdir(candidate) if os.path.exists(os.path.join(candidate, f, "scenario.json"))) \
                    + sorted(glob.glob(os.path.join(candidate, "*", "*.jsonl")))
        folder = os.path.dirname(folder)
    return []


def asked_again(path, check):
    """Compares a file of scenarios with the kernel, and writes what differs unless check: (how many there are, differ, failed)."""
    recorded = compact.load(path)
    left, failed = list(range(len(recorded))), set()
    for _ in range(2):
        found, answers = {}, {}
        for index, _, answer in kernel.replay_many([recorded[i]["scenario"] for i in left]):
            i = left[index]
            answers[i] = answer
            differences = [("error", answer["error"])] if "error" in answer else compare.diff(recorded[i]["kernel"], answer)
            if differences:
                found[i] = differences
        left = sorted(found)
    for i in left:
        print(f"{path}: scenario {cases.name(recorded[i])}; before: " + report.readable(" ".join(found[i][0]))[:500])
        if "error" in answers[i]:
            failed.add(i)
        else:
            recorded[i]["kernel"] = {k: answers[i][k] for k in answers[i]}
    written = len(left) - len(failed)
    if written and not check:
        compact.save(recorded, path)
    return len(recorded), written, len(failed)


def main():
    named = [f.rstrip("/") for f in sys.argv[1:] if not f.startswith("--")]
    if "--all" in sys.argv:
        named += fixtures()
    if not named:
        raise SystemExit("record.py: name folders, or --all")
    scenarios, failed, written, total = [], 0, 0, 0
    folders = [f for f in named if not f.endswith(".jsonl")]
    for path in (f for f in named if f.endswith(".jsonl")):
        counts = asked_again(path, "--check" in sys.argv)
        total, written, failed = total + counts[0], written + counts[1], failed + counts[2]
    for folder in folders:
        with open(os.path.join(folder, "scenario.json")) as f:
            scenarios.append(kernel.prepare(json.load(f), folder))
    for index, _, answer in kernel.replay_many(scenarios):
        folder = folders[index]
        if "error" in answer:
            print(f"{folder}: {answer['stage']}: {answer['error']}", file=sys.stderr)
            failed += 1
            continue
        path, found = os.path.join(folder, "kernel.json"), [("", "no recording")]
        if os.path.exists(path):
            with open(path) as f:
                before = json.load(f)
            found = compare.diff(before, answer) + [("packets", "differ")] * (before["packets"] != answer["packets"])
        if not found:
            continue
        print(f"{folder}: {len(answer['steps'])} steps; before: " + report.readable(" ".join(found[0]))[:500])
        written += 1
        if "--check" in sys.argv:
            continue
        answer.pop("elapsed", None)
        for key in ("save", "save6"):
            answer[key] = compact.undated(answer[key])
        with open(path, "w") as f:
            json.dump(answer, f, indent=1)
            f.write("\n")
    print(f"{len(folders)} fixtures and {total} random scenarios, {written} {'differ' if '--check' in sys.argv else 'written'}, {failed} failed")
    sys.exit(failed > 0 or written > 0 and "--check" in sys.argv)


if __name__ == "__main__":
    main()
