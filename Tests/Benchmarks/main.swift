// Measures the walk and the loading of rules; prints one line for each figure: its name, the number and the unit.
// `compare.py` runs it beside the kernel. Arguments: `rules`, `nat`, `load` for one part, `rule-file` and `nat-rules`
// for the files that are loaded.

let sections = CommandLine.arguments.dropFirst()
if sections.first == "rule-file" {
  print(ruleFile(count: 10_000), terminator: "")
} else if sections.first == "nat-rules" {
  print(natRules(), terminator: "")
} else {
  if sections.isEmpty || sections.contains("rules") { try measureRules() }
  if sections.isEmpty || sections.contains("nat") { try measureNAT() }
  if sections.isEmpty || sections.contains("load") { try measureLoading() }
}
