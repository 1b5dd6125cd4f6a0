// The page and the drawing of a trace.

import Foundation
#if canImport(FoundationXML)
  import FoundationXML
#endif
import Testing

@Suite struct WalkPageTests {
  static let host = "--iface 'eth0 203.0.113.1/24' --rules gw.rules"

  /// The JSON that a page holds.
  func data(_ page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "id=\"data\">")).upperBound
    let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
    let json = try JSONSerialization.jsonObject(with: Data(page[start..<end].utf8))
    return try #require(json as? [String: Any])
  }

  @Test func aPageHoldsTheWalkAndLoadsNothing() throws {
    let run = try ShellRun(
      "hookwalk trace \(Self.host) --format html 'in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 [S]' 'reply [S.]'")
    #expect(run.code == 0, "\(run.errors)")
    #expect(!run.output.contains("http://") || !run.output.contains("src="))
    for word in ["src=", "href=", "@import", "url(http"] { #expect(!run.output.contains(word), "\(word)") }
    let data = try data(run.output)
    let walks = try #require(data["walks"] as? [[String: Any]])
    #expect(walks.count == 2)
    let walk = try #require(walks[0]["walk"] as? [String: Any])
    let events = try #require(walk["events"] as? [[String: Any]])
    let map = try #require(walks[0]["map"] as? [[String]])
    #expect(map.count == events.count)
    // The way of a packet for the host: each part of the map once, in order.
    var way: [String] = []
    for name in map.joined() where !way.contains(name) { way.append(name) }
    #expect(
      way == [
        "arrival", "arrival-to-prerouting", "prerouting", "prerouting-to-input-routing", "input-routing",
        "input-routing-to-input", "input", "input-filter", "input-to-process", "process",
      ])
    let chains = try #require(data["chains"] as? [String: [String: Any]])
    #expect(chains["v4/filter/INPUT"]?["policy"] as? String == "DROP")
    #expect(
      (chains["v4/filter/INPUT"]?["rules"] as? [[String]])?.map { $0[0] } == ["-p tcp -m tcp --dport 22 -j ACCEPT"])
  }

  @Test func everythingThatThePageNamesIsOnTheMap() throws {
    let run = try ShellRun(
      "hookwalk trace --iface 'eth0 203.0.113.1/24' --rules gw.rules --format html 'local tcp 203.0.113.1:4000 > 203.0.113.1:22'"
    )
    let data = try data(run.output)
    let maps = try #require(data["maps"] as? [String])
    #expect(maps.count == 2)
    let names = ((data["walks"] as? [[String: Any]])?.first?["map"] as? [[String]] ?? []).flatMap { $0 }
    #expect(names.contains("postrouting-to-prerouting"))
    for map in maps {
      for name in names { #expect(map.contains(" m-\(name)\"") || map.contains(" m-\(name) "), "\(name)") }
      #expect(throws: Never.self) { try XMLDocument(xmlString: map) }
    }
  }

  @Test func textOfRulesCannotEndThePage() throws {
    let rules = "*filter\n-A INPUT -m comment --comment \"</script><!-- &\" -j DROP\nCOMMIT\n"
    let run = try ShellRun(
      "hookwalk trace \(Self.host) --format html 'in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 [S]'",
      files: ["gw.rules": rules])
    #expect(run.output.components(separatedBy: "</script>").count == 3)
    let data = try data(run.output)
    let chains = try #require(data["chains"] as? [String: [String: Any]])
    #expect((chains["v4/filter/INPUT"]?["rules"] as? [[String]])?.first?.first?.contains("</script><!-- &") == true)
  }

  @Test func aDrawingLightsTheWay() throws {
    let run = try ShellRun(
      "hookwalk trace \(Self.host) --format svg 'in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:80 [S]'")
    let drawing = try XMLDocument(xmlString: run.output)
    let lit = try drawing.nodes(forXPath: "//*[contains(@class, ' lit')]/@class").compactMap { $0.stringValue }
    #expect(lit.contains("hook m-input lit"))
    #expect(lit.contains("row m-input-filter lit"))
    #expect(!lit.contains("edge m-input-to-process lit"), "the packet is dropped before a process")
    #expect(!lit.contains("hook m-forward lit"))
  }
}
