"""The rule set of a random scenario, as text for iptables-restore: tables, chains, policies, jumps, and rules that mostly
aim at the scenario's own packets."""
import wire
from matches import ALL_HOOKS, HEADER, MATCHES, Focus
from targets import TARGETS, with_port

BUILTIN = {"raw": ["PREROUTING", "OUTPUT"], "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
           "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"], "filter": ["INPUT", "FORWARD", "OUTPUT"],
           "security": ["INPUT", "FORWARD", "OUTPUT"]}
CHAIN_NAMES = ["svc", "in-lan", "LOGDROP", "a", "TCP", "web_80", "chain_with_27_characters_xx", "z.1", "fw-checks", "B"]
NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "sctp": 132, "dccp": 33, "udplite": 136, "gre": 47, "esp": 50, "ah": 51, "ipcomp": 108}


class Rule:
    """A rule in the making; matches and targets look at it and may set its protocol."""

    def __init__(self, r, world, focus, table, hooks):
        self.r, self.world, self.focus, self.table, self.hooks = r, world, focus, table, hooks
        self.proto = None
        self.aimed = r.random() < 0.85           # made to be hit by its focus

    def aim(self, true, other):
        """Mostly the value that the focus has (if it has one), else something from the pool."""
        return true if true is not None and self.r.random() < (0.96 if self.aimed else 0.3) else other()

    def fits(self, entry):
        about = entry.about
        if self.hooks - about.get("hooks", ALL_HOOKS) or about.get("family", self.world.family.number) != self.world.family.number:
            return False
        if self.table not in about.get("tables", {self.table}):
            return False
        if "proto" not in about:
            return True
        if self.proto is None and self.aimed and self.focus.proto_name not in about["proto"]:
            return False
        return self.proto is None or self.proto in about["proto"]

    def demand(self, entry):
        if "proto" in entry.about and self.proto is None:
            name = self.focus.proto_name
            self.proto = name if name in entry.about["proto"] and (self.aimed or self.r.random() < 0.5) else self.r.choice(entry.about["proto"])


def match_count(r, target):
    return r.choices([0, 1, 2, 3], [3, 5, 2, 0.6] if target not in ("ACCEPT", "DROP", "QUEUE", "RETURN", "REJECT") else [0.6, 6, 3, 1])[0]


def matching_focus(r, foci, world, hooks, table):
    """A packet that is likely to pass one of the hooks; for nat, one that may begin a connection."""
    some = [f for f in foci if likely_hooks(f, world, table) & hooks]
    first = [f for f in some if not f.later] if table == "nat" else some
    return r.choice(first or some or foci) if r.random() < 0.93 else r.choice(foci)


def compose(rule, target_text=None, target_about=None):
    """A rule (without -A and chain)."""
    r = rule.r
    if target_text is None:
        entry = r.entry(TARGETS, rule.fits)
        if entry.about.get("proto"):
            rule.demand(entry)
        target_text, target_about, name = entry.make(rule), entry.about, entry.name
    else:
        target_about, name = {}, "jump"
    matches, used = [], set()
    if target_about.get("syn"):
        matches.append("-m tcp --tcp-flags SYN,RST SYN")
        used.add("tcp")
    focus_name = rule.focus.proto_name
    if rule.proto is None and r.random() < 0.25:
        rule.proto = focus_name
    for _ in range(match_count(r, name) if name != "jump" else r.choice([0, 0, 1])):
        entry = r.entry(MATCHES, lambda e: rule.fits(e) and e.name not in used)
        rule.demand(entry)
        text = entry.make(rule)
        if text:
            used.add(entry.name)
            matches.append(text)
    if rule.proto is None and r.chance(0.01, "syntax"):
        matches.insert(0, r.choice(["-s", "-d"]) + f" {rule.focus.source},{rule.focus.target}/{24 if rule.world.family.number == 4 else 64}")
        return " ".join(p for p in matches + [target_text] if p)
    header = [HEADER[n].make(rule) for n in HEADER if rule.fits(HEADER[n]) and r.random() < HEADER[n].weight * (0.1 if matches else 0.13)]
    if rule.proto:
        header.append(f"-p {rule.proto if r.random() < 0.85 else NUMBERS[rule.proto]}")
    elif r.random() < 0.08:
        header.append(f"{'! ' if r.random() < 0.3 else ''}-p {rule.aim(rule.focus.proto, lambda: r.choice([1, 6, 17, 47, 'gre', 'esp', 'ah', 'sctp', 'all']))}")
        header[-1] = header[-1].replace("! -p all", "-p all").replace("! -p 0", "-p 0")
    return " ".join(p for p in header + matches + [target_text] if p)


SPELLING = [("-s ", "--source "), ("-d ", "--destination "), ("-i ", "--in-interface "), ("-o ", "--out-interface "), ("-p ", "--protocol "),
            ("-j ", "--jump "), ("--dport ", "--destination-port "), ("--sport ", "--source-port "), ("-m ", "--match ")]


def respell(r, text):
    for short, long in SPELLING:
        if '"' not in text and r.random() < 0.4 and not (short == "--dport " and "multiport" in text):
            text = (" " + text).replace(" " + short, " " + long)[1:]
    return text


def table_text(r, world, foci, name, size):
    builtin = BUILTIN[name]
    chains = []                                   # (name, hooks that may reach it), user chains
    for chain in r.sample(CHAIN_NAMES, r.choices([0, 1, 2, 3], [3, 3, 2, 1])[0]):
        hooks = {r.choice([h for f in foci for h in sorted(likely_hooks(f, world, name)) if h in builtin] or builtin)}
        if r.random() < 0.3:
            hooks |= set(r.some(builtin, 1))
        chains.append((chain, hooks))
    policies = {}
    for chain in builtin:
        drop = 0.3 if name == "filter" else 0.04
        policies[chain] = "DROP" if r.random() < drop and name != "nat" else "ACCEPT"
    bodies = {c: [] for c in builtin + [c for c, _ in chains]}
    seeds = TEMPLATES[name](r, world, foci) if name in TEMPLATES and r.random() < 0.55 else []
    if r.chance(0.03, "recent"):
        seeds = seeds + recent_pair(r, world, foci, name)
    for chain, text in seeds:
        bodies[chain].append(text)
    called = set()
    visited = [h for f in foci for h in likely_hooks(f, world, name) if h in builtin] or builtin
    for _ in range(size):
        if chains and r.random() < 0.3:
            chain, hooks = r.choice(chains)
        else:
            chain = r.choice(visited if r.random() < 0.9 else builtin)
            hooks = {chain}
        focus = matching_focus(r, foci, world, hooks, name)
        position = [c for c, _ in chains].index(chain) if chain not in builtin else -1
        callable_chains = [c for c, h in chains[position + 1:] if hooks <= h]
        uncalled = [c for c in callable_chains if c not in called]
        rule = Rule(r, world, focus, name, hooks)
        if callable_chains and r.random() < (0.5 if uncalled else 0.15):
            target = r.choice(uncalled or callable_chains)
            called.add(target)
            text = compose(rule, f"{'-g' if r.random() < 0.25 else '-j'} {target}")
        else:
            text = compose(rule)
        body = bodies[chain]
        if r.random() < 0.3:
            body.insert(r.randint(0, len(body)), text)
        else:
            body.append(text)
    for position, (chain, hooks) in enumerate(chains):          # every chain is called from somewhere, if it can be
        if chain not in called and r.random() < 0.8:
            caller = r.choice(sorted(hooks))
            rule = Rule(r, world, matching_focus(r, foci, world, {caller}, name), name, {caller})
            bodies[caller].insert(0, compose(rule, f"-j {chain}") if r.random() < 0.5 else f"-j {chain}")
    lines = [f"*{name}"]
    for chain in builtin:
        if policies[chain] != "ACCEPT" or r.random() < 0.9:
            lines.append(f":{chain} {policies[chain]} [{'0:0' if r.random() < 0.8 else '12:3456'}]")
    lines += [f":{c} - [0:0]" for c, _ in chains]
    for chain in bodies:
        for text in bodies[chain]:
            if r.random() < 0.05:
                text = respell(r, text)
            counters = "[7:420] " if r.random() < 0.04 else ""
            verb = "-A " + chain
            if r.chance(0.01, "syntax"):
                verb = r.choice([f"-I {chain}", f"-I {chain} 1", f"--append {chain}", f"--insert {chain}"])
                if r.random() < 0.3:
                    lines.append(r.choice(["", "# a comment"]))
            lines.append(f"{counters}{verb} {text}".rstrip())
    return "\n".join(lines + ["COMMIT"])


def likely_hooks(focus, world, table):
    """The hooks that a packet passes if nothing stops or redirects it, of those that the table has; in the order of the path."""
    own = focus.target in world.own() or focus.target in world.broadcasts or focus.target.startswith(("127.", "224.", "255.")) or focus.target in ("::1", "ff02::1")
    routed = world.sysctls.get("net.ipv4.ip_forward" if world.family.number == 4 else "net.ipv6.conf.all.forwarding") == "1"
    if focus.local:
        path = ["OUTPUT", "POSTROUTING"] + (["PREROUTING", "INPUT"] if own and table != "nat" else [])
    else:
        path = ["PREROUTING"] + (["INPUT"] if own else ["FORWARD", "POSTROUTING"] if routed else [])
    if focus.later and table == "nat":
        return Hooks()
    return Hooks(h for h in path if h in BUILTIN[table])


class Hooks(set):
    """A set that iterates in a fixed order, so that the same seed gives the same scenario everywhere."""

    def __iter__(self):
        return iter(sorted(super().__iter__()))


# what people really write, so that conversations get somewhere --------------------------------------------------------

def nat_template(r, w, foci):
    out, wan = [], w.wan or r.choice(w.names)
    near = [a for a, n in w.neighbours() if n != wan] or w.own()
    if r.random() < 0.7:
        out.append(("POSTROUTING", f"-o {wan} -j MASQUERADE" if r.random() < 0.6 else f"-o {wan} -j SNAT --to-source {w.local[wan][0]}"))
    if r.random() < 0.7:
        proto, port = r.choice(["tcp", "udp", "tcp"]), r.choice(w.dports)
        out.append(("PREROUTING", f"-i {wan} -p {proto} -m {proto} --dport {port} -j DNAT --to-destination {with_port(r.choice(near), r.choice(['', ':' + str(r.choice([8080, port]))]))}"))
    if r.random() < 0.25:
        inside, public = r.choice(near), w.local[wan][0]
        out.append(("PREROUTING", f"-d {public} -j DNAT --to-destination {inside}"))
        out.append(("POSTROUTING", f"-d {inside} -j MASQUERADE" if r.random() < 0.5 else f"-s {inside} -o {wan} -j SNAT --to-source {public}"))
    if r.random() < 0.15:
        out.append(("OUTPUT", f"-p tcp -m tcp --dport {r.choice(w.dports)} -j REDIRECT --to-ports 8080"))
    if r.random() < 0.15:
        out.append(("PREROUTING", f"-p {r.choice(['tcp', 'udp'])} -j REDIRECT --to-ports {r.choice([8080, 53])}"))
    return out


def filter_template(r, w, foci):
    state = r.choice(["-m state --state RELATED,ESTABLISHED", "-m conntrack --ctstate RELATED,ESTABLISHED"])
    out = [(chain, state + " -j ACCEPT") for chain in r.some(["INPUT", "FORWARD", "OUTPUT"], 1)]
    if r.random() < 0.4:
        out.insert(0, (r.choice(["INPUT", "FORWARD"]), "-m conntrack --ctstate INVALID -j DROP"))
    if r.random() < 0.5:
        out.append(("INPUT", "-i lo -j ACCEPT"))
    if r.random() < 0.5:
        out.append(("FORWARD", f"-i {r.choice(w.names)} -m conntrack --ctstate NEW -j ACCEPT"))
    if r.random() < 0.3:
        out.append(("FORWARD", "-m conntrack --ctstate DNAT -j ACCEPT"))
    return out


def mangle_template(r, w, foci):
    if r.random() < 0.4:
        return [("PREROUTING", "-j CONNMARK --restore-mark"), ("PREROUTING", f"-m mark --mark 0 -j MARK --set-mark {r.choice([1, 2])}"),
                (r.choice(["PREROUTING", "POSTROUTING"]), "-j CONNMARK --save-mark")]
    if r.random() < 0.5:
        f = r.choice(foci)
        chain = "OUTPUT" if f.local else "PREROUTING"
        return [(chain, f"-d {f.target} -j MARK --set-mark {r.choice([1, 2, '0x10'])}")]
    return []


def recent_pair(r, w, foci, table):
    """A list that one rule fills and another asks."""
    name = r.choice(w.recent_names)
    chain = r.choice([h for f in foci for h in likely_hooks(f, w, table) if h in BUILTIN[table]] or BUILTIN[table])
    side, mask = r.choice(["--rsource", "--rdest"]), r.choice(["", "", " --mask " + ("255.255.255.0" if w.family.number == 4 else "ffff:ffff:ffff::")])
    ask = r.choice(["--rcheck", "--update", "--update --seconds 60", "--rcheck --seconds 60 --reap", "--rcheck --hitcount 2", "--update --hitcount 3",
                    "--update --rttl", "--update --seconds 60 --hitcount 2", "! --rcheck", "--remove"])
    rules = [(chain, f"-m recent --set --name {name}{mask} {side}"),
             (chain, f"-m recent {ask} --name {name}{mask} {side} -j {r.choice(['MARK --set-mark 1', 'LOG', 'ACCEPT', 'RETURN'])}")]
    return rules if r.random() < 0.5 else rules[::-1]


TEMPLATES = {"nat": nat_template, "filter": filter_template, "mangle": mangle_template}


def foci_of(steps):
    foci, seen = [], set()
    for step in steps:
        if "hex" in step:
            raw = bytes.fromhex(step["hex"])
            if len(raw) >= 20:
                f = Focus(step, raw)
                ends = frozenset([(f.source, f.sport), (f.target, f.dport), f.proto])
                f.later = ends in seen
                seen.add(ends)
                foci.append(f)
        elif "reply_to" in step and "hex" in steps[step["reply_to"]]:
            foci.append(Focus(steps[step["reply_to"]], bytes.fromhex(steps[step["reply_to"]]["hex"]), back=True))
    return foci


def some_packet(family):
    ends = ("10.0.0.9", "10.0.0.1") if family.number == 4 else ("fd00:1::9", "fd00:1::1")
    return family.packet(*ends, 17, wire.udp(*ends, 1024, 53))


def make(r, world, steps, limit=25):
    """The rules text."""
    foci = foci_of(steps) or [Focus({"in": world.names[0]}, some_packet(world.family))]
    wanted = {t for e in [*TARGETS.values()] if e.tags & r.only for t in e.about.get("tables", ())} if r.only else set()
    tables = [t for t, p in (("raw", 0.25), ("mangle", 0.45), ("nat", 0.55), ("filter", 0.85), ("security", 0.1))
              if t in r.only or r.random() < (max(p, 0.8) if t in wanted else p)]
    tables = tables or [r.choice(list(BUILTIN))]
    r.shuffle(tables)
    left, texts = r.choice([6, 10, 14, 18, 22, limit]), []
    for i, table in enumerate(tables):
        share = max(1, round(left / (len(tables) - i)))
        size = r.randint(0 if len(tables) > 1 else 1, share)
        left = max(1, left - size)
        texts.append(table_text(r, world, foci, table, size))
    return "\n".join(texts) + "\n"
