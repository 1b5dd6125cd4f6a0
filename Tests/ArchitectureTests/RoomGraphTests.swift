// How the tests of the architecture read Swift: what counts as a use, and what does not.

import Testing

@Suite struct RoomGraphTests {
  /// The arrows between rooms of one module `M`; each room has one file.
  func arrows(_ rooms: [(name: String, source: String)]) -> [String] {
    let graph = RoomGraph(rooms.map { SourceFile(path: "M/\($0.name)/\($0.name).swift", source: $0.source) })
    return graph.reasons.keys.map { "\($0.from.dropFirst(2))>\($0.to.dropFirst(2))" }.sorted()
  }

  @Test(arguments: [
    ("let x: Lamp", ["B>A"]),
    ("let x: [Lamp?] = []", ["B>A"]),
    ("let text = \"\\(Lamp())\"", ["B>A"]),
    ("extension Lamp { func shine() {} }", ["B>A"]),
    ("func f() { x.brighten() }", ["B>A"]),
    ("func f() { switch x { case .glowing: 1 } }", ["B>A"]),
    ("func f() { light(1) }", ["B>A"]),
    ("func f() { x.lampshade() }", ["B>A"]),
    ("// Lamp", []),
    ("/* Lamp /* brighten() */ Lamp */ let y = 1", []),
    ("let text = \"Lamp\"", []),
    ("let text = \"\"\"\n  Lamp \"Lamp\" Lamp\n  \"\"\"", []),
    ("let text = #\"\\(Lamp())\"#", []),
    ("struct Lamp {}; let x = Lamp()", []),
    ("func f(brighten: Int) { g(brighten: brighten) }", []),
    ("func f() { xs.map { (light) in light + 1 } }", []),
    ("func f() { for glowing in xs { print(glowing) } }", []),
    ("func f() { x.hidden() }", []),
    ("func f() { x.count }", []),
  ])
  func usesAreNamesOfOtherRooms(_ source: String, _ expected: [String]) {
    let lamp = """
      public struct Lamp { case a; func brighten() {}; private func hidden() {}; var count: Int { 0 } }
      enum State { case dark(Int), glowing }
      func light(_ x: Int) {}
      extension [Lamp] { func lampshade() {} }
      """
    #expect(arrows([("A", lamp), ("B", source)]) == expected)
  }

  @Test func aNameOfTwoRoomsSaysNothing() {
    let rooms = [("A", "struct P { var glow = 1 }"), ("B", "struct Q { var glow = 2 }"), ("C", "let x = y.glow")]
    #expect(arrows(rooms) == [])
  }

  @Test func aNestedTypeIsMeantWhereItsOwnerIs() {
    let rooms = [
      ("A", "struct P { enum Kind { case one } }"), ("B", "enum Kind { case two }"),
      ("C", "extension P { var k: Kind }"),
    ]
    #expect(arrows(rooms) == ["C>A"])
  }

  @Test func onlyImportedModulesCanBeUsed() {
    let high = SourceFile(path: "High/High.swift", source: "import Low\nlet x = Basement()\nlet y = Attic()")
    let low = SourceFile(path: "Low/Low.swift", source: "struct Basement {}")
    let other = SourceFile(path: "Other/Other.swift", source: "struct Attic {}")
    #expect(RoomGraph([high, low, other]).reasons.keys.map { [$0.from, $0.to] } == [["High", "Low"]])
  }

  @Test func circlesAreFound() {
    let sources = [
      ("A", "struct P { var q: Q }"), ("B", "struct Q { var r: R }"), ("C", "struct R { var p: P }"), ("D", ""),
    ]
    let graph = RoomGraph(sources.map { SourceFile(path: "M/\($0.0)/x.swift", source: $0.1) })
    #expect(graph.circles == [["M/A", "M/B", "M/C"]])
  }

  @Test func impliedArrowsAreNotDrawn() {
    let sources = [("A", "struct P {}"), ("B", "struct Q { var p: P }"), ("C", "struct R { var p: P; var q: Q }")]
    let graph = RoomGraph(sources.map { SourceFile(path: "M/\($0.0)/x.swift", source: $0.1) })
    #expect(graph.targets(of: "M/C") == ["M/A", "M/B"])
    #expect(graph.drawnTargets(of: "M/C") == ["M/B"])
  }

  @Test(arguments: [
    ("Lamp.swift", "struct Lamp {}", true), ("Lamp+Light.swift", "extension Lamp {}", true),
    ("Lamp.generated.swift", "enum Lamp {}", true), ("main.swift", "start()", true),
    ("Lamps.swift", "struct Lamp {}", false), ("light.swift", "func light() {}", false),
  ])
  func filesAreNamedAfterTypes(_ name: String, _ source: String, _ isNamed: Bool) {
    #expect(SourceFile(path: "M/A/\(name)", source: source).isNamedAfterType == isNamed)
  }
}
