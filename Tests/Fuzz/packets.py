#!/usr/bin/env python3
"""Writes recorded packets as seeds of the fuzzer's `bytes` reader: packets.py FOLDER kernel.json|log-lines.txt..."""
import json
import os
import sys

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
for path in sys.argv[2:]:
    with open(path) as file:
        if path.endswith(".txt"):
            lines = [line.split() for line in file if line.startswith("packet ")]
            packets = [{"hex": words[2], "local": words[1] == "local"} for words in lines if words[1] != "tap"]
        else:
            packets = [p for p in json.load(file)["packets"] if p.get("hex")]
    for first in range(0, len(packets), 4):
        seed = b""
        for packet in packets[first:first + 4]:
            raw = bytes.fromhex(packet["hex"])[:600]
            seed += bytes([0 if packet.get("local") else 1 + first % 2]) + len(raw).to_bytes(2, "big") + raw
        name = path.replace("/", "_") + f"-{first}"
        with open(os.path.join(folder, name), "wb") as file:
            file.write(seed)
