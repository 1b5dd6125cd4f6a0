// The map in each of its forms.

import Foundation
#if canImport(FoundationXML)
  import FoundationXML
#endif
import Testing

@Suite struct MapTests {
  @Test func onlyWhatRulesLoadIsShown() throws {
    let run = try ShellRun("hookwalk map --rules gw.rules")
    #expect(run.code == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n").map(String.init)
    let paths = lines.drop { $0 != "RECEIVED FOR THIS HOST" }.prefix { $0 != "WHAT DIFFERS" }
    // No rule has packets tracked, and only table filter is there.
    #expect(Set(paths.filter { $0.hasPrefix("    ") }) == ["         0  filter", "            nothing is loaded"])
    #expect(paths.count { $0.hasSuffix("  filter") } == 4)
    #expect(paths.contains("            nothing is loaded"))
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func whatOneFamilyLoadsIsSaid() throws {
    let run = try ShellRun(
      "hookwalk map --rules gw.rules --rules6 six.rules",
      files: ["six.rules": "*raw\n-A PREROUTING -j CT --notrack\nCOMMIT\n"])
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.contains("      -300  raw (IPv6 only)") && lines.contains("         0  filter (IPv4 only)"))
  }

  @Test func thePathThroughLoopbackIsShown() throws {
    let lines = try ShellRun("hookwalk map").output.split(separator: "\n").map(String.init)
    let path = lines.drop { $0 != "SENT BY THIS HOST TO ITSELF" }.prefix { $0 != "WHAT DIFFERS" }
    #expect(path.contains("  PREROUTING") && path.contains("  INPUT") && !path.contains("  FORWARD"))
  }

  @Test func colourIsAskedFor() throws {
    #expect(try ShellRun("hookwalk map --color always").output.contains("\u{1b}[1mPREROUTING\u{1b}[0m"))
    #expect(try !ShellRun("hookwalk map").output.contains("\u{1b}"))
  }

  @Test func aDrawingOfWhatRulesLoad() throws {
    let run = try ShellRun("hookwalk map --rules gw.rules --format svg")
    _ = try XMLDocument(xmlString: run.output)
    #expect(run.output.contains("class=\"row m-input-filter\""))
    #expect(run.output.contains("class=\"row m-input-mangle absent\""))
  }

  @Test func diagramsHaveThePlacesAndTheWay() throws {
    let packet = "'in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 [S]'"
    let host = "--iface 'eth0 203.0.113.1/24' --rules gw.rules"
    let dot = try ShellRun("hookwalk trace \(host) --format dot \(packet)").output
    #expect(dot.contains("  input_routing -> input [penwidth=3,"))
    #expect(dot.contains("  input_routing -> forward\n"))
    #expect(dot.contains("input [label=\"INPUT\\n-150 mangle\\l0 filter *\\l50 security\\l"))
    let mermaid = try ShellRun("hookwalk trace \(host) --format mermaid \(packet)").output
    #expect(mermaid.contains("  class arrival,prerouting,input_routing,input,process lit\n"))
    #expect(mermaid.contains("  linkStyle 0,1,2,3 stroke:"))
    let map = try ShellRun("hookwalk map --format mermaid").output
    #expect(map.contains("  postrouting -.->|\"what leaves on lo comes back on lo\"| prerouting\n"))
    #expect(!map.contains("classDef"))
  }
}
