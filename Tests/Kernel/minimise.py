"""Shrinks a scenario on which kernel and simulator differ, as long as a difference of the same kind stays."""
import json
import re

import cases
import kernel


def without_packets(steps, gone):
    """The steps without those whose index is in gone, nor what is derived from them."""
    gone, where, out = set(gone), {}, []
    for i, step in enumerate(steps):
        key = next((k for k in ("reply_to", "icmp_error_to") if k in step), None)
        if i in gone or key and step[key] not in where:
            continue
        where[i] = len(out)
        out.append(dict(step, **{key: where[step[key]]}) if key else step)
    return out


def droppable(scenario):
    """The kinds of parts that can go: lists of (apply) functions, coarse first."""
    rules = "rules6" if scenario.get("rules6") else "rules"
    lines = scenario.get(rules, "").split("\n")
    tables, start = [], None
    for i, line in enumerate(lines):
        if line.startswith("*"):
            start = i
        if line == "COMMIT" and start is not None:
            tables.append(range(start, i + 1))
    def with_rules(text):
        return dict(scenario, **{rules: text})
    def keep_lines(drop):
        drop = set(drop)
        return with_rules("\n".join(l for i, l in enumerate(lines) if i not in drop))
    yield [lambda t=t: keep_lines(t) for t in tables]
    rule_at = [i for i, l in enumerate(lines) if re.match(r"-[AI]|--append|--insert|\[", l)]
    for size in (8, 4, 2, 1):
        if size == 1 or len(rule_at) > size:
            yield [lambda part=rule_at[i:i + size]: keep_lines(part) for i in range(0, len(rule_at), size)]
    for size in (4, 1):
        count = len(scenario["packets"])
        if size == 1 or count > size:
            yield [lambda i=i: dict(scenario, packets=without_packets(scenario["packets"], range(i, i + size))) for i in reversed(range(0, count, size))]
    used = set(re.findall(r"-[jg] (\S+)|--(?:jump|goto) (\S+)", scenario.get(rules, "")))
    used = {a or b for a, b in used} | {m[1] for m in re.finditer(r"-A (\S+)", scenario.get(rules, ""))}
    yield [lambda i=i: keep_lines([i]) for i, l in enumerate(lines) if re.match(r":\S+ - ", l) and l[1:].split()[0] not in used]
    yield [lambda i=i, l=l: with_rules("\n".join(lines[:i] + [re.sub(r" DROP ", " ACCEPT ", l)] + lines[i + 1:]))
           for i, l in enumerate(lines) if re.match(r":\S+ DROP", l)]
    for key in ("ip_rules", "routes", "interfaces"):
        yield [lambda i=i, key=key: dict(scenario, **{key: scenario[key][:i] + scenario[key][i + 1:]}) for i in range(len(scenario.get(key, [])))]
    for key in ("sysctls", "late_sysctls"):
        yield [lambda k=k, key=key: dict(scenario, **{key: {a: b for a, b in scenario[key].items() if a != k}}) for k in scenario.get(key, {})]
    if "stack" in scenario:
        yield [lambda: {k: v for k, v in scenario.items() if k != "stack"}]
    yield [lambda i=i, j=j: dict(scenario, interfaces=scenario["interfaces"][:i] + [dict(n, addrs=n["addrs"][:j] + n["addrs"][j + 1:])] + scenario["interfaces"][i + 1:])
           for i, n in enumerate(scenario["interfaces"]) for j in range(len(n.get("addrs", [])))]
    def shorter(i, text):
        return with_rules("\n".join(lines[:i] + [text] + lines[i + 1:]))
    yield [lambda i=i, text=text: shorter(i, text) for i in rule_at for text in simpler(lines[i])]


def simpler(line):
    """Variants of a rule line with one part less."""
    words = re.findall(r'"(?:\\.|[^"\\])*"|\S+', line)
    starts = [i for i, w in enumerate(words) if re.match(r"--?[a-zA-Z]", w) and w != "-A"]
    starts = [i - 1 if words[i - 1] == "!" else i for i in starts]
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else len(words)
        plain = words[start + 1] if words[start] == "!" else words[start]
        if plain in ("-m", "--match"):             # a match goes with its options
            while n + 1 < len(starts) and re.match(r"--", words[starts[n + 1]].replace("!", "") or words[starts[n + 1] + 1]) \
                    and words[starts[n + 1]] not in ("--match", "--jump", "--goto", "--protocol", "--source", "--destination"):
                n += 1
            end = starts[n + 1] if n + 1 < len(starts) else len(words)
        yield " ".join(words[:start] + words[end:])
        if words[start] == "!":
            yield " ".join(words[:start] + words[start + 1:])


def shrink(case, command, kind, budget=400):
    """(smaller case, its differences); every candidate runs through the kernel and the simulator."""
    def attempt(scenario):
        if not scenario["packets"] or not scenario["interfaces"]:
            return None
        answer = kernel.replay(scenario)
        if "error" in answer or not answer["steps"]:
            return None
        candidate = {"scenario": scenario, "kernel": answer}
        found = cases.difference(candidate, cases.simulate(command, cases.asked(scenario, answer)))
        return (candidate, found) if any(k == kind for k, _ in found) else None

    best, seen = None, set()
    current = case["scenario"]
    again = True
    while again and budget > 0:
        again = False
        rounds = len(list(droppable(current)))
        for number in range(rounds):
            position = 0
            while budget > 0:
                stages = list(droppable(current))
                if number >= len(stages) or position >= len(stages[number]):
                    break
                candidate = stages[number][position]()
                key = json.dumps(candidate, sort_keys=True)
                if key not in seen:
                    seen.add(key)
                    budget -= 1
                    result = attempt(candidate)
                    if result:
                        best, current, again = result, candidate, True
                        continue
                position += 1
    return best or (attempt(current) or (case, []))
