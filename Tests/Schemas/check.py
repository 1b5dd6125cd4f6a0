#!/usr/bin/env python3
"""Checks the documents of `hookwalk lint` against the schemas beside this file: check.py HOOKWALK FILE..."""
import json
import os
import subprocess
import sys

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))


def schema(name):
    with open(os.path.join(HERE, name + ".schema.json")) as file:
        return json.load(file)


def output(command, form, files):
    run = subprocess.run([command, "lint", "--no-config", "--format", form, *files], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{form}: exit code {run.returncode}\n{run.stderr}")
    return run.stdout


def main():
    command, files = sys.argv[1], sys.argv[2:]
    count = 0
    for form, name in (("json", "lint"), ("gitlab", "gitlab"), ("sarif", "sarif-subset")):
        document = json.loads(output(command, form, files))
        jsonschema.Draft202012Validator(schema(name)).validate(document)
        count += 1
    whole = schema("lint")
    line = {"$schema": whole["$schema"], **whole["$defs"]["finding"]}
    for text in output(command, "jsonl", files).splitlines():
        jsonschema.Draft202012Validator(line).validate(json.loads(text))
        count += 1
    print(f"{count} documents are as their schemas say")


if __name__ == "__main__":
    main()
