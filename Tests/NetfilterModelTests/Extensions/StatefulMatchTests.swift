// Matches with a memory: what Linux 6.18 answered to the same packets, one letter for each, `-` for a wait.

import Testing

@testable import NetfilterModel

@Suite struct StatefulMatchTests {
  /// What is sent: a packet, or a wait.
  enum Step {
    case packet(source: UInt8 = 2, ttl: UInt8 = 64, port: UInt16 = 1000, length: Int = 28)
    case wait(milliseconds: UInt64)
  }

  static let first = Step.packet()
  static let second = Step.packet(source: 3)

  /// Sends the steps through `setup`, then asks `rule`; 1 for a match, 0 for none, d for a drop at once, ? for unknown.
  func answers(
    _ rule: String, after setup: String? = nil, _ steps: [Step]
  ) throws -> String {
    var memory = HostMemory()
    return try answers(rule, after: setup, &memory, steps)
  }

  func answers(
    _ rule: String, after setup: String? = nil, _ memory: inout HostMemory, _ steps: [Step]
  ) throws -> String {
    var before = try setup.map { try FixtureRule($0, in: &memory) }
    var rule = try FixtureRule(rule, in: &memory)
    memory.now += 1_000_000_000
    var text = ""
    for step in steps {
      switch step {
      case .wait(let milliseconds):
        memory.now += milliseconds * 1_000_000
        text += "-"
      case .packet(let source, let ttl, let port, let length):
        var payload = [UInt8](repeating: 0, count: length - 20)
        payload.setUInt16(port, at: 0)
        let packet = try MatchFixture.packet(
          source: 0x0a00_0000 + UInt32(source), ttl: ttl, payload: payload, output: "eth1")
        _ = before?.asks(packet, &memory)
        text += ["0", "1", "?", "d"][Int(rule.asks(packet, &memory).rawValue)]
      }
    }
    return text
  }

  @Test(arguments: [
    ("-m statistic --mode nth --every 3 --packet 0", "1001001"),
    ("-m statistic --mode nth --every 3 --packet 2", "0010010"),
    ("-m statistic --mode nth ! --every 3 --packet 1", "1011011"),
    ("-m statistic --mode random --probability 1", "1111111"),
    ("-m statistic --mode random ! --probability 0", "1111111"),
    ("-m statistic --mode random --probability 0.5", "???????"),
  ]) func statistic(_ rule: String, _ expected: String) throws {
    #expect(try answers(rule, Array(repeating: Self.first, count: 7)) == expected)
  }

  @Test func injectedChance() throws {
    // States of the random source and the numbers that it gives next.
    let draws: [(state: UInt64, number: UInt32)] = [
      (0xfa5a_045d_ed23_ffe5, 0x3fff_ffff),
      (0x7d6c_2e90_76b4_5a87, 0x4000_0000),
      (0x51b2_83ed_4bdf_91ac, 0xbfff_ffff),
      (0x561a_c6db_83ab_17a4, 0xffff_ffff),
    ]
    var text = ""
    for (state, number) in draws {
      var memory = HostMemory()
      memory.random = RandomSource(state: state)
      memory.random.isInjected = true
      var source = memory.random
      #expect(source.next32() == number)
      text += try answers("-m statistic --mode random --probability 0.5", &memory, [Self.first])
    }
    #expect(text == "1010")
  }

  @Test func quota() throws {
    let long = Step.packet(length: 100)
    let short = Step.packet(length: 30)
    #expect(try answers("-m quota --quota 250", [long, long, long, short, short]) == "11000")
    #expect(try answers("-m quota ! --quota 250", [long, long, long, short, short]) == "00111")
  }

  @Test func recent() throws {
    let (one, two) = (Self.first, Self.second)
    let set = "-m recent --set"
    #expect(try answers(set, [one, one, two]) == "111")
    #expect(try answers("-m recent --rcheck --hitcount 3", after: set, [one, one, one, one, two]) == "00110")
    #expect(try answers("-m recent --update --hitcount 2", after: set, [one, one, one, one, two]) == "01110")
    #expect(
      try answers("-m recent ! --update --hitcount 3", after: set, Array(repeating: one, count: 6)) == "100000")
    #expect(try answers("-m recent --remove", [one, one]) == "00")
    // The second list's rule is loaded later; the first decides the mask.
    #expect(try answers("-m recent --rcheck", after: "-m recent --set --mask 255.255.255.0", [one, two]) == "11")
    let wait = Step.wait(milliseconds: 1300)
    #expect(
      try answers(
        "-m recent --rcheck --seconds 1 --hitcount 3", after: set,
        Array(repeating: one, count: 5) + [wait] + Array(repeating: one, count: 4)) == "00111-0011")
  }

  /// Rules that look at a list on which only the first packet's source stands.
  @Test(arguments: [
    ("-m recent --rcheck --rttl", [Step.packet(), .packet(ttl: 5), .packet()], "101"),
    ("-m recent --rcheck --seconds 1", [first, first, .wait(milliseconds: 1300), first, first], "11-00"),
    (
      "-m recent --update --seconds 1",
      [first, .wait(milliseconds: 700), first, .wait(milliseconds: 700), first, .wait(milliseconds: 1300), first],
      "1-1-1-0"
    ),
    ("-m recent --remove", [first, first], "10"),
  ]) func recentOnce(_ rule: String, _ steps: [Step], _ expected: String) throws {
    var memory = HostMemory()
    memory.now = 1_000_000_000 - 1
    _ = try answers("-m recent --set", &memory, [Self.first])
    #expect(try answers(rule, &memory, steps).dropFirst(0) == expected)
  }

  @Test func recentForgetsTheOldestOfAHundred() throws {
    let many = (2...102).map { Step.packet(source: UInt8($0)) }
    let all = many + [.packet(source: 2), .packet(source: 3), .packet(source: 102)]
    #expect(
      try answers("-m recent --rcheck --hitcount 2", after: "-m recent --set", all).suffix(3) == "001")
  }

  @Test func recentReapsOnlyTheOldest() throws {
    var table = RecentTable(mask: nil, hits: 0)
    let set = RecentQuestion(operation: Invertible(.set), seconds: 1, reaps: true, hitCount: nil, checksTTL: false)
    var check = set
    check.operation = Invertible(.check)
    for source in UInt32(1)...3 {
      _ = table.apply(set, to: .v4(source), ttl: 64, now: UInt64(source))
    }
    #expect(table.apply(check, to: .v4(3), ttl: 64, now: 252) == true)
    #expect(table.entries.map(\.address) == [.v4(2), .v4(3)])
    #expect(table.apply(check, to: .v4(9), ttl: 64, now: 9999) == false)
    #expect(table.entries.count == 2)
    check.reaps = false
    #expect(table.apply(check, to: .v4(2), ttl: 64, now: 9999) == false)
    #expect(table.entries.count == 2)
  }

  @Test(
    arguments: [
      (0, 31), (1, 0), (2, 1), (3, 3), (4, 3), (20, 31), (33, 63), (65535, 65535),
    ] as [(UInt32, UInt16)]) func recentRing(_ hits: UInt32, _ mask: UInt16)
  {
    #expect(RecentTable.stampMask(hits) == mask)
  }

  static let keep = " --hashlimit-htable-expire 100000"
  static let five = Array(repeating: first, count: 5)
  static let wait = Step.wait(milliseconds: 1100)
  static let large = Step.packet(length: 1000)

  @Test(arguments: [
    (
      "--hashlimit-upto 1/s --hashlimit-burst 3" + keep,
      five + [wait, first, first, .wait(milliseconds: 2200), first, first, first], "11100-10-110"
    ),
    ("--hashlimit-upto 1/s --hashlimit-burst 3", five + [.wait(milliseconds: 2500)] + five, "11100-11100"),
    ("--hashlimit-above 1/s --hashlimit-burst 3" + keep, five + [wait, first, first], "00011-01"),
    (
      "--hashlimit-upto 1/min --hashlimit-burst 2 --hashlimit-mode srcip",
      [first, first, first, second, second, second], "110110"
    ),
    (
      "--hashlimit-upto 1/min --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-srcmask 24",
      [first, first, first, second, second, second], "110000"
    ),
    (
      "--hashlimit-upto 1/min --hashlimit-burst 2 --hashlimit-mode srcport",
      [.packet(port: 1), .packet(port: 2), .packet(port: 1), .packet(port: 2), .packet(port: 1), .packet(port: 2)],
      "111100"
    ),
    ("--hashlimit-upto 1kb/s" + keep, [large, large, wait, large, large], "10-10"),
    (
      "--hashlimit-upto 1kb/s --hashlimit-burst 3kb" + keep,
      Array(repeating: large, count: 6) + [wait, large, large], "111100-10"
    ),
    (
      "--hashlimit-upto 2/s --hashlimit-burst 1 --hashlimit-rate-match" + keep,
      five + [wait, first, first, first, first, wait, first, first], "11100-0000-00"
    ),
    (
      "--hashlimit-upto 2kb/s --hashlimit-rate-match" + keep,
      Array(repeating: large, count: 4) + [wait, large, large, large, large, .wait(milliseconds: 1300), large, large],
      "1100-0000-00"
    ),
    (
      "--hashlimit-upto 1/min --hashlimit-mode srcip --hashlimit-htable-size 1 --hashlimit-htable-max 2",
      [first, second, .packet(source: 4), first, .packet(source: 4)], "11d1d"
    ),
  ]) func hashlimit(_ options: String, _ steps: [Step], _ expected: String) throws {
    #expect(try answers("-m hashlimit --hashlimit-name a " + options, steps) == expected)
  }

  @Test func hashlimitTablesAreShared() throws {
    let name = "-m hashlimit --hashlimit-name a "
    #expect(
      try answers(
        name + "--hashlimit-upto 100/s --hashlimit-burst 50",
        after: name + "--hashlimit-upto 1/min --hashlimit-burst 4", Self.five) == "11000")
    #expect(
      try answers(
        name + "--hashlimit-upto 1kb/s", after: name + "--hashlimit-upto 1/min --hashlimit-burst 3", Self.five)
        == "11111")
  }

  @Test func hashlimitDropsWhatHasNoPorts() throws {
    var memory = HostMemory()
    var rule = try FixtureRule(
      "-m hashlimit --hashlimit-name a --hashlimit-upto 1/s --hashlimit-mode srcport", in: &memory)
    let packet = try MatchFixture.packet(protocolNumber: 6, payload: [3])
    #expect(rule.asks(packet, &memory) == .drops)
  }
}
