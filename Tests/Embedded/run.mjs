// Walks packets through the libraries as WebAssembly, and prints what `hookwalk trace` prints:
//   node run.mjs MODULE [--explain] HOST [FILE]... -- PACKET...
// HOST describes the host; the FILEs are what it names. Paths are given to the module as they are written here.
import { randomFillSync } from "node:crypto";
import { readFileSync, writeSync } from "node:fs";

const words = process.argv.slice(2);
const module = words.shift();
const explains = words[0] === "--explain" ? words.splice(0, 1).length : 0;
const files = words.splice(0, words.indexOf("--"));
const packets = words.slice(1);

const { instance } = await WebAssembly.instantiate(readFileSync(module), {
  env: {
    arc4random_buf: (address, count) => randomFillSync(new Uint8Array(memory.buffer, address, count)),
    putchar: (byte) => writeSync(2, Uint8Array.of(byte)),
    // Decimal numbers only: the end of the number that is the whole of the text, or 0.
    _swift_stdlib_strtod_clocale: (address, result) => {
      const bytes = new Uint8Array(memory.buffer);
      const end = bytes.indexOf(0, address);
      const text = new TextDecoder().decode(bytes.subarray(address, end));
      if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return 0;
      new DataView(memory.buffer).setFloat64(result, Number(text), true);
      return end;
    },
  },
});
const { memory, allocate, file, host, step, output, outputCount, _initialize } = instance.exports;
_initialize?.();

/** Writes a text, or bytes, into the module's memory; gives its address and how long it is. */
function given(text) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const address = allocate(bytes.length);
  new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
  return [address, bytes.length];
}

function print(descriptor) {
  const bytes = new Uint8Array(memory.buffer, output(), outputCount());
  for (let start = 0; start < bytes.length; ) start += writeSync(descriptor, bytes, start);
}

for (const path of files) file(...given(path), ...given(readFileSync(path)));
const isBuilt = host(...given(files[0]));
print(2);
if (!isBuilt) process.exit(3);
packets.forEach((packet, index) => {
  step(...given(packet), index + 1, packets.length, explains);
  print(1);
});
