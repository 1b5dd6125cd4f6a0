#!/usr/bin/env python3
"""Checks the documents of `hookwalk lint` and `hookwalk test` against the schemas beside this file: check.py HOOKWALK FILE...
Files that end in .flow are tests, the others rule files."""
import json
import os
import subprocess
import sys

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))


def schema(name):
    with open(os.path.join(HERE, name + ".schema.json")) as file:
        return json.load(file)


def output(command, form, files, what=("lint", "--no-config")):
    run = subprocess.run([command, *what, "--format", form, *files], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{form}: exit code {run.returncode}\n{run.stderr}")
    return run.stdout


def main():
    command = sys.argv[1]
    rules = [name for name in sys.argv[2:] if not name.endswith(".flow")]
    tests = [name for name in sys.argv[2:] if name.endswith(".flow")]
    count = 0
    for what, files, own, item in ((("lint", "--no-config"), rules, "lint", "finding"), (("test",), tests, "test", "test")):
        if not files:
            continue
        for form, name in (("json", own), ("gitlab", "gitlab"), ("sarif", "sarif-subset")):
            document = json.loads(output(command, form, files, what))
            jsonschema.Draft202012Validator(schema(name)).validate(document)
            count += 1
        whole = schema(own)
        line = {"$schema": whole["$schema"], **whole["$defs"][item]}
        for text in output(command, "jsonl", files, what).splitlines():
            jsonschema.Draft202012Validator(line).validate(json.loads(text))
            count += 1
    print(f"{count} documents are as their schemas say")


if __name__ == "__main__":
    main()
