"""Scenarios with their kernel answers: obtaining them in a batch (repairing rule sets that the kernel refuses), keeping
them in a folder, and running the simulator on them. A case is {"scenario": ..., "kernel": answer}."""
import concurrent.futures
import json
import os
import re
import subprocess
import tempfile

import compare
import kernel
import report


def repaired(scenario, complaint, stage="rules"):
    """The scenario without the rule about which iptables-restore complained, or None if it does not say which."""
    found = re.search(r"line:? (\d+)", complaint)
    lines = scenario.get(stage, "").split("\n")
    if not found or int(found[1]) > len(lines) or not re.match(r"-[AI]|--append|--insert|\[", lines[int(found[1]) - 1]):
        return None
    del lines[int(found[1]) - 1]
    return dict(scenario, **{stage: "\n".join(lines)})


def asked(scenario, answer):
    """The scenario as the simulator gets it: derived packets in bytes, as the kernel's run resolved them."""
    return dict(scenario, packets=answer["packets"])


def answered(scenarios, jobs=2, refused=None):
    """Yields a case for each scenario, in no particular order; what cannot be loaded goes to refused(scenario, answer)."""
    queue = scenarios
    while queue is not None:
        again = []
        for _, scenario, answer in kernel.replay_many(queue, jobs):
            if "error" not in answer:
                yield {"scenario": scenario, "kernel": answer}
                continue
            better = repaired(scenario, answer["error"], answer["stage"]) if answer["stage"] in ("rules", "rules6") else None
            if better:
                again.append(better)
            elif refused:
                refused(scenario, answer)
        queue = again or None


def stable(cases, jobs=2):
    """Yields (case, differences between two runs of the kernel)."""
    cases = list(cases)
    for index, _, second in kernel.replay_many([asked(c["scenario"], c["kernel"]) for c in cases], jobs):
        first = cases[index]["kernel"]
        yield cases[index], [("error", second["error"])] if "error" in second else compare.diff(first, second)


# Seconds for which the kernel must be quiet before the next packet of a slow run: longer than a tick of its clock (4 ms with HZ 250),
# by which buckets of rate limits are filled up, and as the simulator has it, where each packet comes in a moment of its own.
SLOW = 0.01


def asked_again(case, answer):
    """What two slow runs of the kernel say about a case whose simulator's answer differs: "itself" when the simulator agrees with both of
    them, so that the kernel differs from itself; "chance" when they do not agree with each other; None when the simulator is
    wrong. With it stands the first difference between the kernel's runs."""
    scenario = asked(case["scenario"], case["kernel"])
    scenario["packets"] = [dict(p, settle=SLOW) if "hex" in p else p for p in scenario["packets"]]
    first, second = (run for _, _, run in kernel.replay_many([scenario, scenario], 1))
    complaint = first.get("error") or second.get("error")
    if complaint:
        return "chance", ("error", complaint)
    if not difference({"kernel": first}, answer) and not difference({"kernel": second}, answer):
        return "itself", (compare.diff(case["kernel"], first) + [("none", "")])[0]
    between = compare.diff(first, second)
    return ("chance", between[0]) if between else (None, None)


def settled(scenarios, command, jobs=2):
    """The cases, packets in bytes, about which three runs of the kernel agree with each other and with the simulator; the others are named."""
    def refused(scenario, answer):
        print(f"refused by the kernel: {scenario['seed']}: {answer['stage']}: {answer['error'].strip()[:300]}", flush=True)
    found = [{"scenario": asked(c["scenario"], c["kernel"]), "kernel": c["kernel"]} for c in answered(scenarios, jobs, refused)]
    for _ in range(2):
        agreed = []
        for case, differences in stable(found, jobs):
            if differences:
                print(f"not deterministic: {name(case)}: {report.readable(' '.join(differences[0]))[:300]}", flush=True)
            else:
                agreed.append(case)
        found = agreed
    agreed = []
    for case, _, differences in compared(found, command, jobs):
        if differences:
            print(f"THE SIMULATOR DIFFERS: {name(case)}: {report.readable(' '.join(differences[0]))[:1000]}", flush=True)
        else:
            agreed.append(case)
    return agreed


def name(case):
    return str(case["scenario"].get("seed", "case"))


def save(case, folder, extra=None):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{name(case)}.json")
    with open(path + ".tmp", "w") as f:
        json.dump({**case, **(extra or {})}, f, indent=1)
        f.write("\n")
    os.replace(path + ".tmp", path)
    return path


def load(folder):
    """Yields the cases in a folder, by seed."""
    def order(file):
        stem = file[:-5]
        return (0, int(stem), "") if stem.isdigit() else (1, 0, stem)
    for file in sorted((f for f in os.listdir(folder) if f.endswith(".json")), key=order):
        with open(os.path.join(folder, file)) as f:
            case = json.load(f)
        if "scenario" in case and "kernel" in case:
            yield case


def simulate(command, scenario, timeout=30):
    """The simulator's answer to a scenario whose packets are in bytes; {"error": ...} if it does not give one."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump(scenario, f)
        f.flush()
        try:
            r = subprocess.run([command, "replay", f.name], capture_output=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            return {"error": f"no answer in {timeout} s"}
        except OSError as e:
            return {"error": str(e)}
    try:
        answer = json.loads(r.stdout)
        if isinstance(answer, dict) and "steps" in answer:
            return answer
        return {"error": "the answer has no steps"}
    except ValueError:
        complaint = r.stderr.decode(errors="replace").strip().split("\n")
        lines = [l for l in complaint if re.search(r"error|fatal|refuse|unknown|unsupported", l, re.I)] or complaint
        return {"error": f"exit {r.returncode}: {lines[0][:300]}"}


def difference(case, answer):
    """compare.diff, with a failure of the simulator as a kind of its own."""
    if "error" in answer:
        return [("failure", answer["error"])]
    try:
        return compare.diff(case["kernel"], answer)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as e:
        return [("failure", f"malformed answer: {type(e).__name__} {e}")]


def compared(cases, command, jobs=2):
    """Yields (case, simulator's answer, differences) in order, `jobs` simulators at a time."""
    def work(case):
        answer = simulate(command, asked(case["scenario"], case["kernel"]))
        return case, answer, difference(case, answer)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        waiting = []
        for case in cases:
            waiting.append(pool.submit(work, case))
            while len(waiting) > 4 * jobs:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()
