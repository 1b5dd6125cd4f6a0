// Measures the walk and the loading of rules; prints one line for each figure: its name, the number and the unit, and
// where it is a median the smallest and the largest sample.
// `walk KIND COUNT` walks packets and prints nothing, for an instruction counter.
// `walk-family IPv4|IPv6|IPv6-options KIND COUNT` likewise, for the kinds and shapes of `families`.
// `trace KIND COUNT` traces packets as text and prints nothing, likewise.
// `suite TESTS ROUNDS` reads and runs a suite of TESTS tests with four steps a round, likewise.
// `compare.py` runs it beside the kernel. Arguments: `rules`, `nat`, `load`, `flow`, `suites`, `million`, `full`, `trace`,
// `source`, `many-rules`, `sets`, `families` for one part, `rule-file` and `nat-rules`
// for the files that are loaded.

let sections = CommandLine.arguments.dropFirst()
if sections.first == "rule-file" {
  print(ruleFile(count: 10_000), terminator: "")
} else if sections.first == "nat-rules" {
  print(natRules(), terminator: "")
} else if sections.count == 3, sections.first == "walk", let count = Int(sections[3]) {
  try walkOnly(sections[2], count: count)
} else if sections.count == 4, sections.first == "walk-family", let count = Int(sections[4]) {
  try FamilyBench.walkOnly(sections[2], sections[3], count: count)
} else if sections.count == 3, sections.first == "trace", let count = Int(sections[3]) {
  try TraceBenchmark.traceOnly(sections[2], count: count)
} else if sections.count == 3, sections.first == "suite", let tests = Int(sections[2]), let rounds = Int(sections[3]) {
  runSuiteOnly(tests: tests, rounds: rounds)
} else {
  if sections.isEmpty || sections.contains("rules") { try measureRules() }
  if sections.isEmpty || sections.contains("nat") { try measureNAT() }
  if sections.isEmpty || sections.contains("load") { try measureLoading() }
  if sections.isEmpty || sections.contains("flow") { measureFlowTests() }
  if sections.isEmpty || sections.contains("million") { try measureMillionConnections() }
  if sections.isEmpty || sections.contains("full") { try measureFullTable() }
  if sections.isEmpty || sections.contains("source") { try measureOneSource() }
  if sections.isEmpty || sections.contains("many-rules") { try measureManyRules() }
  if sections.isEmpty || sections.contains("sets") { try measureLargeSets() }
  if sections.isEmpty || sections.contains("suites") { measureTestSuites() }
  if sections.isEmpty || sections.contains("families") { try FamilyBench.measure() }
  if sections.isEmpty || sections.contains("trace") { try TraceBenchmark.measure() }
}
