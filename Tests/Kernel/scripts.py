#!/usr/bin/env python3
"""Random scripts of iptables and ip6tables commands, run by a real shell and read by hookwalk: the same output, the same messages,
the same exit status of every command, and the same tables in the end.

    scripts.py --hookwalk PATH --count 300 --seed 1 [--kind commands|options|restore] [--commands 40] [--keep DIR] [--show 5] [--shell sh]
    scripts.py --hookwalk PATH --files SCRIPT...
    scripts.py --hookwalk PATH --snippets Fixtures/scripts/snippets.txt
    scripts.py --record Fixtures/scripts

The kinds: commands of all sorts; rules with every option that `rule_forms.py` knows, right and wrong; and rule files for
iptables-restore with mistakes in them, as here-documents, through pipes and as files.

Needs root: each script runs in a network namespace of its own, with the legacy tools before all others. Behind each command the
script prints its status; in the end it prints -S and -L -n -v --line-numbers of every table. Exit 1 where anything differs."""
import argparse
import json
import os
import random
import shlex
import subprocess
import sys
import tempfile
from collections import Counter

import rule_forms

TABLES = {"filter": ["INPUT", "FORWARD", "OUTPUT"], "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
          "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"], "raw": ["PREROUTING", "OUTPUT"], "security": ["INPUT", "FORWARD", "OUTPUT"]}


class Writer:
    """Writes commands that mostly fit what was there before, and some that do not."""

    def __init__(self, r):
        self.r = r
        self.chains = {}
        self.rules = {}

    def pick(self, *values):
        return self.r.choice(values)

    def address(self, six):
        r = self.r
        if six:
            return self.pick("fd00::1", "2001:db8::/32", "fe80::/10", "::/0", f"fd00::{r.randint(1, 9)}/64", "::1")
        return self.pick("10.0.0.1", "192.168.1.0/24", "0/0", f"10.0.{r.randint(0, 3)}.0/24", "127.0.0.1", "10.1.2.3,10.1.2.4", "172.16.0.0/255.240.0.0", "10.1")

    def matches(self, six):
        """A rule without its target."""
        r = self.r
        words = []
        if r.random() < 0.35:
            words += [self.pick("-s", "--source", "-d", "--dst", "--destination", "--src"), self.address(six)]
            if r.random() < 0.2 and "," not in words[-1]:
                words.insert(0, "!")
        if r.random() < 0.3:
            words += [self.pick("-i", "-o", "--in-interface", "--out-interface", "--in-int"), self.pick("eth0", "lo", "ppp+", "wlan0")]
        kind = r.random()
        if kind < 0.45:
            proto = self.pick("tcp", "udp", "tcp", "6", "17", "TCP")
            words += [self.pick("-p", "--protocol", "--proto"), proto]
            if r.random() < 0.8:
                words += r.choice([["--dport", self.pick("22", "80", "ssh", "http", "1000:2000", "domain")], ["-m", "multiport", "--dports", self.pick("80,443", "1:5,22", "ssh,http")],
                                   ["--sport", "1024:65535"], ["-m", proto.lower() if proto.isalpha() else "tcp", "--dport", "53"]])
            if proto.lower() in ("tcp", "6") and r.random() < 0.2:
                words += r.choice([["--syn"], ["--tcp-flags", "ALL", "SYN,ACK"], ["!", "--syn"]])
        elif kind < 0.55:
            words += ["-p", "icmpv6" if six else "icmp"]
            if r.random() < 0.7:
                words += ["--icmpv6-type" if six else "--icmp-type", self.pick("echo-request", "8" if not six else "128", "destination-unreachable")]
        if r.random() < 0.35:
            words += r.choice([["-m", "state", "--state", self.pick("NEW", "ESTABLISHED,RELATED", "INVALID")], ["-m", "conntrack", "--ctstate", "NEW,RELATED"],
                               ["-m", "limit", "--limit", self.pick("5/min", "10/s", "3/hour")], ["-m", "comment", "--comment", self.pick("'a b'", "web", "'it'\"'\"'s'")],
                               ["-m", "mark", "--mark", self.pick("1", "0x10/0xff")], ["-m", "length", "--length", "100:200"], ["-m", "mac", "--mac-source", "00:11:22:33:44:55"],
                               ["-m", "addrtype", "--dst-type", "LOCAL"], ["-m", "recent", "--set", "--name", f"r{r.randint(0, 9)}"]])
        return words

    def target(self, six, table):
        r = self.r
        user = self.chains.get((six, table), [])
        roll = r.random()
        if user and roll < 0.25:
            return [self.pick("-j", "--jump", "-g"), r.choice(user)]
        if roll < 0.6:
            return ["-j", self.pick("ACCEPT", "DROP" if table != "nat" else "RETURN", "RETURN")]
        if roll < 0.65:
            return []
        own = {"filter": [["REJECT"], ["LOG", "--log-prefix", "'x: '"], ["REJECT", "--reject-with", "icmp6-adm-prohibited" if six else "icmp-host-prohibited"], ["LOG"]],
               "nat": [["MASQUERADE"], ["REDIRECT"], ["DNAT", "--to-destination", "fd00::5" if six else "10.0.0.5"], ["SNAT", "--to-source", "fd00::6" if six else "10.0.0.6"]],
               "mangle": [["MARK", "--set-mark", "1"], ["TOS", "--set-tos", "16"], ["CONNMARK", "--save-mark"], ["TCPMSS", "--clamp-mss-to-pmtu"]],
               "raw": [["NOTRACK"], ["CT", "--notrack"]], "security": [["ACCEPT"]]}[table]
        return ["-j"] + r.choice(own)

    def wrong(self, six, table):
        """Commands that are refused."""
        chain = self.pick(*TABLES[table])
        return self.pick(
            ["-A", "NOSUCH", "-j", "ACCEPT"], ["-A", chain, "-j", "NOSUCH"], ["-A", chain, "-g", "NOSUCH"], ["-D", chain, "99"], ["-I", chain, "99", "-j", "ACCEPT"], ["-R", chain, "99", "-j", "ACCEPT"],
            ["-R", chain, "-j", "ACCEPT"], ["-D", chain, "0"], ["-N", chain], ["-N", "ACCEPT"], ["-X", chain], ["-X", "nosuch"], ["-E", "nosuch", "x"], ["-E", chain, "x"], ["-P", chain, "REJECT"], ["-P", "nosuch", "DROP"],
            ["-A", chain, "-p", "tcp", "--dport", "99999", "-j", "ACCEPT"], ["-A", chain, "--dport", "22", "-j", "ACCEPT"], ["-A", chain, "-p", "nosuch"], ["-A", chain, "-s", "10.0.0.0/33"], ["-A", chain, "-m", "nosuch"],
            ["-A", chain, "-m", "state"], ["-A", chain, "-m", "state", "--state", "WRONG"], ["-A", chain, "-m", "limit", "--limit", "5/x"], ["-A", chain, "-j", "REJECT", "--reject-with", "nosuch"], ["-A", chain, "-j", "drop"],
            ["-F", "nosuch"], ["-Z", "nosuch"], ["-Z", chain, "77"], ["-L", "nosuch"], ["-S", "nosuch"], ["-A", chain, "word"], ["-A", chain, "-p", "tcp", "!"], ["-A", chain, "!", "!", "-p", "tcp"], ["-A", chain, "-p", "tcp", "-p", "udp"],
            ["-L", "-F"], ["--nosuch"], ["-A", chain, "--s", "10.0.0.1"], ["-A", "OUTPUT", "-i", "eth0", "-j", "ACCEPT"], ["-A", "INPUT", "-o", "eth0", "-j", "ACCEPT"], ["-A", chain, "-j", "ACCEPT", "-n"], ["-A", chain, "-j", "LOG", "--log-level", "nosuch"],
            ["-A", chain, "-j", "MARK"], ["-A", chain, "-m", "multiport", "--dports", "80"], ["-A", chain, "-p", "udp", "--tcp-flags", "SYN", "SYN"], ["-A", chain, "-i", "averyveryverylongname"], ["-A", chain, "-j", "SNAT", "--to-source", "wrong"],
            ["-A", chain, "-j", "MASQUERADE"], ["-A", chain, "-j", "REJECT", "--reject-with", "tcp-reset"], ["-A", chain, "-m", "mac", "--mac-source", "1:2:3"], ["-C", "NOSUCH", "-j", "ACCEPT"], ["-C", chain, "-s", "10.9.9.9"], ["-D", chain, "-s", "10.9.9.9"],
            ["-A", chain, "-c", "1", "-j", "ACCEPT"], ["-N", "averyveryveryveryveryverylongname"], ["-N", "'a b'"], ["-N", "-x"], ["-A", chain, "-p", "icmp", "--icmp-type", "nosuch"], ["-A", chain, "-p", "tcp", "--syn", "--syn"], ["-E", "nosuch"], ["-P", chain],
            ["-A", chain, "-m", "tcp", "--dport", "80"], ["-A", chain, "-j", chain], ["-D", "NOSUCH", "1"], ["-L", chain, "x"], [], ["-A"], ["-nQ"], ["-A", chain, "-p", "tcp", "--dport"], ["-j", "ACCEPT"], ["-A", chain, "-f" if six else "-6"])

    def command(self):
        r = self.r
        six = r.random() < 0.35
        table = r.choices(list(TABLES), [6, 3, 2, 1, 0.3])[0]
        key = (six, table)
        user = self.chains.setdefault(key, [])
        chain = r.choice(TABLES[table] + user + user)
        known = self.rules.setdefault(key, [])
        roll = r.random()
        name = f"{self.pick('web', 'ssh-rules', 'c', 'log', 'Zed')}{r.randint(0, 9)}"
        if roll < 0.14:
            words = self.wrong(six, table)
        elif roll < 0.5:
            words = self.matches(six) + self.target(six, table)
            known.append((chain, words))
            words = [self.pick("-A", "-A", "--append"), chain] + words
        elif roll < 0.6:
            words = self.matches(six) + self.target(six, table)
            known.append((chain, words))
            words = ["-I", chain] + r.choice([[], ["1"], ["2"], ["3"]]) + words
        elif roll < 0.66 and known:
            old, words = r.choice(known)
            words = ["-D", old] + words
        elif roll < 0.7:
            words = ["-D", chain, str(r.randint(1, 4))]
        elif roll < 0.74:
            words = ["-R", chain, str(r.randint(1, 4))] + self.matches(six) + self.target(six, table)
        elif roll < 0.78 and known:
            old, words = r.choice(known)
            words = ["-C", old] + words
        elif roll < 0.85:
            words = [self.pick("-N", "--new-chain", "--new"), name]
            if name not in user:
                user.append(name)
        elif roll < 0.87 and user:
            old = r.choice(user)
            words = ["-E", old, name]
        elif roll < 0.9:
            words = ["-X"] + r.choice([[], [name], user[:1]])
        elif roll < 0.92:
            words = ["-F"] + r.choice([[], [chain]])
        elif roll < 0.94:
            words = ["-P", r.choice(TABLES[table]), self.pick("ACCEPT", "DROP" if table != "nat" else "ACCEPT")]
        elif roll < 0.95:
            words = ["-Z"] + r.choice([[], [chain], [chain, "1"]])
        else:
            words = r.choice([["-L", chain], ["-S", chain], ["-L", "-n"], ["-S"], ["-L", "-n", "-v"], ["-nvL", chain, "--line-numbers"], ["-L", chain, "1"], ["-v", "-S", chain], ["-L", "-x", "-v", "-n"], ["--list-rules", chain]])
        # Twice -v prints what libiptc holds, which is not followed.
        if r.random() < 0.06 and not any(word.startswith("-") and "v" in word for word in words):
            words = words + ["-v"]
        if table != "filter" or r.random() < 0.1:
            place = r.choice([0, len(words)])
            words = words[:place] + r.choice([["-t", table], ["--table", table], ["--table=" + table]]) + words[place:]
        if r.random() < 0.05:
            words = r.choice([["-w"], ["-w", "5"], ["--wait"]]) + words
        return ("ip6tables" if six else "iptables") + "".join(" " + word for word in words)


class OptionWriter:
    """Writes rules with every option of every extension, right and wrong."""

    def __init__(self, r):
        self.r = r
        self.forms = {six: rule_forms.Lines(r.randint(0, 1 << 30), six, []) for six in (False, True)}

    def words(self, six):
        """A table, and the words of a rule as a shell takes them."""
        while True:
            table, rule = self.forms[six].line()
            try:
                words = shlex.split(rule)
            except ValueError:
                continue
            return table, rule, words

    def command(self):
        six = self.r.random() < 0.5
        table, _, words = self.words(six)
        return " ".join([("ip6tables" if six else "iptables"), "-t", table] + [shlex.quote(word) for word in words])


class RestoreWriter:
    """Writes calls of iptables-restore with rule files that have mistakes in them."""

    def __init__(self, r):
        self.r = r
        self.writer = Writer(r)
        self.options = OptionWriter(r)
        self.number = 0

    def pick(self, *values):
        return self.r.choice(values)

    def chain_line(self, table):
        own = self.pick(*TABLES[table])
        return self.r.choices([f":{own} ACCEPT [0:0]", f":{own} DROP [5:300]" if table != "nat" else f":{own} ACCEPT [1:2]", f":u{self.r.randint(0, 3)} - [0:0]", f":v{self.r.randint(0, 3)} -",
                               self.pick(f":{own} FOO [0:0]", f":{own}", ":", ": ", ":ACCEPT - [0:0]", ":new DROP [0:0]", f":{'x' * 29} - [0:0]", f":{'y' * 28} - [0:0]", f":{own} ACCEPT [x", f":{own} ACCEPT [1:b]",
                                         f":{own} ACCEPT [a:1]", f":{own} - [0:0]", f":{own}  ACCEPT", f":{own} ACCEPT junk", ":NOSUCH ACCEPT [0:0]", ":LOG - [0:0]", ":-x - [0:0]", ":a b [0:0]")], [4, 3, 5, 2, 2])[0]

    def rule_line(self, six, table):
        r = self.r
        user = ["u0", "u1", "v0", "v1"]
        chain = r.choice(TABLES[table] * 2 + user)
        roll = r.random()
        if roll < 0.45:
            line = " ".join(["-A", chain] + self.writer.matches(six) + self.pick(["-j", "ACCEPT"], ["-j", r.choice(user)], ["-j", "RETURN"], ["-g", r.choice(user)], self.writer.target(six, table)))
        elif roll < 0.6:
            own, rule, _ = self.options.words(six)
            line = rule if own == table else f"-A {chain} -j ACCEPT"
        elif roll < 0.7:
            line = " ".join(self.writer.wrong(six, table))
            if any(word in line.split() for word in ("-L", "-S", "-nQ", "-h")) or not line:
                line = "-A NOSUCH -j ACCEPT"
        elif roll < 0.85:
            line = self.pick(f"-N w{r.randint(0, 3)}", f"-X w{r.randint(0, 3)}", f"-F {chain}", f"-P {r.choice(TABLES[table])} ACCEPT", f"-D {chain} 1", f"-I {chain} -s 10.0.0.9 -j DROP" if not six else f"-I {chain} -j DROP",
                             f"-R {chain} 1 -j DROP", "-X", "-F", f"-Z {chain}", f"-E u0 e{r.randint(0, 3)}", f"-C {chain} -j DROP", f"-D {chain} -j DROP", f"-I {chain} 2 -j RETURN")
        else:
            line = self.pick(f"-A {chain} -t {table} -j ACCEPT", f"-A {chain} -j ACCEPT -w", "-A", "word", " ", "#remark", "", f"-A {chain} --foo", f"-A {chain} -j ACCEPT extra", f"-A {chain} -6 -j DROP", f"-A {chain} -4 -j DROP",
                             f"! -A {chain}", f"-A {chain} !", f"-A {chain} -m comment --comment 'one two'", f'-A {chain} -m comment --comment "open', f"-A {chain} -i a/b", f"-A {chain} -c 1 2 -j DROP", "*mangle", "COMMIT ", "commit",
                             f"-A {chain} -j", f"--append {chain} --jump DROP", f"-A{chain} -jDROP", f"-A {chain} -j ACCEPT\t", f"  -A {chain} -j ACCEPT", f"-A {chain} -p tcp --dport 5 -j DNAT --to 1.2.3.4")
        if r.random() < 0.12:
            # Without a colon between the brackets the tool takes one that stands further on, and loses the rest of the line.
            line = self.pick("[1:2] ", "[0:0]", "[1:2", "[a:b] ", "[1:] ", *(["[12] ", "[:1] ", "[] "] if ":" not in line else [])) + line
        return line

    def text(self, six):
        r = self.r
        lines = []
        for table in r.sample(list(TABLES)[:4], r.choice([1, 1, 1, 2])):
            lines.append(self.pick("*" + table, "*" + table, "*" + table, "*" + table, "*" + table, "*" + table, self.pick("*foo", "* " + table, "*", "*" + table + " x", table)))
            lines += [self.chain_line(table) for _ in range(r.choice([0, 1, 2, 4]))]
            lines += [self.rule_line(six, table) for _ in range(r.choice([1, 1, 2, 3, 5]))]
            if r.random() < 0.93:
                lines.append("COMMIT")
            if r.random() < 0.05:
                lines.append(self.pick("word", "# remark", "", " ", "COMMIT"))
        return lines

    def command(self):
        r = self.r
        six = r.random() < 0.35
        tool = "ip6tables-restore" if six else "iptables-restore"
        options = r.choices([[], ["-c"], ["-n"], ["-t"], ["--noflush", "-c"], ["-T", self.pick(*TABLES)], ["-w"], ["-w", "5"],
                             self.pick(["--foo"], ["-T"], ["-z"], ["--t"], ["-w", "x"], ["-W", "5"], ["-W", "5", "-w"], ["--counters=1"], ["--table=nat"], ["-cn"], ["-V"], ["a", "b"], ["--ver"], ["-b"], ["--modprobe=/sbin/modprobe"])],
                            [8, 3, 6, 2, 2, 2, 1, 1, 2])[0]
        call = " ".join([tool] + options)
        lines = self.text(six)
        self.number += 1
        roll = r.random()
        if roll < 0.6:
            return f"{call} <<'E{self.number}'\n" + "\n".join(lines) + f"\nE{self.number}"
        text = "\n".join(lines) + ("\n" if r.random() < 0.9 else "")
        if roll < 0.85:
            return f"printf '%s' {shlex.quote(text)} | {call}"
        return f"printf '%s' {shlex.quote(text)} > \"$0.rules\"\n{call} < \"$0.rules\""


KINDS = {"commands": Writer, "options": OptionWriter, "restore": RestoreWriter}


def script(seed, commands, kind):
    writer = KINDS[kind](random.Random(seed))
    lines = ["#!/bin/sh"]
    for _ in range(commands):
        lines += [writer.command(), 'echo "=> $?"']
    return "\n".join(lines + ending()) + "\n"


def ending():
    lines = []
    for tool in ("iptables", "ip6tables"):
        for table in TABLES:
            lines += [f"{tool} -t {table} -S", f"{tool} -t {table} -L -n -v --line-numbers"]
    return lines


def real(path, shell, tools, arguments=()):
    env = dict(os.environ, PATH=tools + ":" + os.environ["PATH"])
    done = subprocess.run(["unshare", "-n", "-m", "sh", "-c", LEGACY + 'exec "$@"', "sh", shell, path, *arguments], capture_output=True, env=env, stdin=subprocess.DEVNULL)
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode


def read(hookwalk, path, arguments=()):
    done = subprocess.run([hookwalk, "script", path, *arguments], capture_output=True)
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode


# Paths such as /sbin/iptables lead to the legacy tool, too.
# Names of hosts are not known.
LEGACY = "mount --bind /usr/sbin/xtables-legacy-multi /usr/sbin/xtables-nft-multi; mount --bind /dev/null /etc/hosts; "
STUBS = ["modprobe", "service", "systemctl", "sysctl", "logger", "date"]


def arguments_of(path):
    """The words behind `# read with:`."""
    for line in open(path):
        if line.startswith("# read with:"):
            return line.split(":", 1)[1].split()
    return []


def record(folder, tools):
    """Runs each script of a folder by the shell that its first line names, commands of the system left out, and keeps what came of it."""
    for name in STUBS:
        with open(os.path.join(tools, name), "w") as file:
            file.write("#!/bin/sh\nexit 0\n")
        os.chmod(os.path.join(tools, name), 0o755)
    os.symlink("/usr/bin/env", os.path.join(tools, "sudo"))
    env = dict(os.environ, PATH=tools + ":" + os.environ["PATH"])
    answers = {}
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".sh"):
            continue
        path = os.path.join(folder, name)
        shell = "bash" if open(path).readline().strip().endswith("bash") else "sh"
        wrapper = (LEGACY + 'echo 0 > /proc/sys/net/ipv4/ip_forward 2>/dev/null; "$@"; s=$?; printf "\\n==save\\n"; iptables-save; printf "==save6\\n"; ip6tables-save; exit $s')
        done = subprocess.run(["unshare", "-n", "-m", "sh", "-c", wrapper, "sh", shell, path, *arguments_of(path)], capture_output=True, env=env, stdin=subprocess.DEVNULL)
        output, rest = done.stdout.decode().split("\n==save\n", 1)
        save, save6 = rest.split("==save6\n", 1)
        plain = lambda text: "".join(line + "\n" for line in text.splitlines() if not line.startswith("#"))
        answers[name] = {"status": done.returncode, "output": output, "messages": done.stderr.decode(), "save": plain(save), "save6": plain(save6)}
    with open(os.path.join(folder, "real.json"), "w") as file:
        json.dump(answers, file, indent=1, sort_keys=True)
        file.write("\n")
    print(f"{len(answers)} scripts recorded")


def snippets(path):
    """The snippets of a file: each begins with a line `### SHELL TITLE`."""
    found = []
    for line in open(path):
        if line.startswith("### "):
            shell, title = line[4:].strip().split(" ", 1)
            found.append({"shell": shell, "title": title, "script": ""})
        elif found:
            found[-1]["script"] += line
    return found


def run_snippet(snippet, tools):
    """What a real shell prints for a snippet in a namespace of its own, and the status that it leaves."""
    path = os.path.join(tools, "snippet.sh")
    with open(path, "w") as file:
        file.write(f"#!/bin/{snippet['shell']}\n" + snippet["script"])
    output, messages, status = real(path, snippet["shell"], tools)
    # What the shell itself complains of is its own; the words of the tools are theirs.
    messages = "".join(line + "\n" for line in messages.splitlines() if not line.startswith(path))
    return path, output, messages, status


def record_snippets(folder, tools):
    """Keeps what the real shells print for the snippets."""
    answers = []
    for snippet in snippets(os.path.join(folder, "snippets.txt")):
        _, output, messages, status = run_snippet(snippet, tools)
        answers.append(dict(snippet, output=output, messages=messages, status=status))
    with open(os.path.join(folder, "snippets.json"), "w") as file:
        json.dump(answers, file, indent=1, sort_keys=True)
        file.write("\n")
    print(f"{len(answers)} snippets recorded")


def compare_snippets(path, hookwalk, tools):
    """Compares what hookwalk says that the snippets print with the real shells; exit 1 where anything differs."""
    differ = 0
    for snippet in snippets(path):
        script, output, messages, status = run_snippet(snippet, tools)
        done = subprocess.run([hookwalk, "script", script], capture_output=True)
        seen = done.stdout.decode(errors="replace")
        said = "".join(line + "\n" for line in done.stderr.decode(errors="replace").splitlines())
        wrong = [what for what, one, other in (("output", output, seen), ("messages", messages, said), ("status", status == 0, done.returncode == 0)) if one != other]
        if not wrong:
            continue
        differ += 1
        print(f"{snippet['shell']}: {snippet['title']}: {' and '.join(wrong)} differ (status {status}, {done.returncode})")
        for what, one, other in (("output", output, seen), ("messages", messages, said)):
            if one != other:
                print("  " + what + ", " + first_difference(one, other))
    print(f"{len(snippets(path))} snippets, {differ} differ")
    return 1 if differ else 0


def first_difference(left, right):
    one, other = left.split("\n"), right.split("\n")
    for number, (a, b) in enumerate(zip(one, other), 1):
        if a != b:
            return f"line {number}:\n    real     {a}\n    hookwalk {b}"
    return f"real has {len(one)} lines, hookwalk {len(other)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hookwalk")
    parser.add_argument("--record")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commands", type=int, default=40)
    parser.add_argument("--kind", choices=KINDS, default="commands")
    parser.add_argument("--keep")
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--shell", default="sh")
    parser.add_argument("--files", nargs="+")
    parser.add_argument("--snippets")
    options = parser.parse_args()
    tools = tempfile.mkdtemp()
    for name in ("iptables", "ip6tables"):
        for end in ("", "-save", "-restore"):
            os.symlink(f"/usr/sbin/{name}-legacy{end}", f"{tools}/{name}{end}")
    if options.record:
        record_snippets(options.record, tools)
        record(options.record, tools)
        return 0
    if not options.hookwalk:
        parser.error("--hookwalk is needed")
    if options.snippets:
        return compare_snippets(options.snippets, options.hookwalk, tools)
    paths = options.files or []
    for seed in range(options.seed, options.seed + (0 if paths else options.count)):
        folder = options.keep or tools
        path = os.path.join(folder, f"script-{seed}.sh")
        with open(path, "w") as file:
            file.write(script(seed, options.commands, options.kind))
        paths.append(path)
    counts = Counter()
    shown = 0
    for path in paths:
        expected, seen = real(path, options.shell, tools), read(options.hookwalk, path)
        wrong = [what for what, a, b in (("output", expected[0], seen[0]), ("messages", expected[1], seen[1])) if a != b]
        counts["scripts"] += 1
        counts["commands"] += expected[0].count("\n=> ")
        counts["refused"] += sum(1 for line in expected[0].split("\n") if line.startswith("=> ") and line != "=> 0")
        for what in wrong:
            counts[what + " differ"] += 1
        if wrong:
            counts["differ"] += 1
        if wrong and shown < options.show:
            shown += 1
            print(f"{path}: {' and '.join(wrong)} differ")
            for what, a, b in (("output", expected[0], seen[0]), ("messages", expected[1], seen[1])):
                if a != b:
                    print("  " + what + ", " + first_difference(a, b))
    print(", ".join(f"{name}: {number}" for name, number in counts.items()))
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
