// The wall clock of a host: what `at` says, and that time moves it.

import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct WallClockTests {
  static let rules = """
    *filter
    -A INPUT -m time --timestart 08:00 --timestop 17:00 --weekdays Mon,Tue,Wed,Thu,Fri -j ACCEPT
    -A INPUT -j DROP
    COMMIT

    """
  static let host = """
    host h
    iface eth0 192.0.2.1/24
    rules v4 rules

    """
  static let packet = "in on eth0 tcp 192.0.2.9:4000 > 192.0.2.1:22"

  /// What is wrong with tests that stand behind the host's description.
  private func failures(_ text: String) throws -> [String] {
    let suite = FlowSuite(Self.host + text, file: "t.flow") { $0 == "rules" ? Self.rules : nil }
    try #require(suite.diagnostics.isEmpty, "\(suite.diagnostics)")
    try #require(!suite.tests.isEmpty)
    return suite.tests.compactMap { test in
      let result = suite.run(test)
      if case .passed = result { return nil }
      return "\(test.name): \(result)"
    }
  }

  @Test func theHostsTimeDecides() throws {
    // 2026-03-02 is a Monday.
    let office = "at 2026-03-02T08:00\ntest \"office\"\n\(Self.packet) => deliver\nend\n"
    #expect(try failures(office).isEmpty)
    let night = "at 2026-03-02T07:59:59\ntest \"night\"\n\(Self.packet) => drop\nend\n"
    #expect(try failures(night).isEmpty)
    let sunday = "at 2026-03-01T09:00\ntest \"sunday\"\n\(Self.packet) => drop\nend\n"
    #expect(try failures(sunday).isEmpty)
  }

  @Test func waitingMovesIt() throws {
    let text = """
      at 2026-03-02T07:59:59
      test "opens"
      \(Self.packet) => drop
      wait 1s
      \(Self.packet) => deliver
      wait 10h
      \(Self.packet) => drop
      end
      test "every test begins at that time"
      \(Self.packet) => drop
      end

      """
    #expect(try failures(text).isEmpty)
  }

  @Test func aStepSetsIt() throws {
    let text = """
      test "one day"
      wait 3h
      at 2026-03-02T16:59:58
      \(Self.packet) => deliver
      wait 2s
      \(Self.packet) => deliver
      wait 1s
      \(Self.packet) => drop
      at 2026-03-03
      \(Self.packet) => drop
      wait 8h
      \(Self.packet) => deliver
      end

      """
    #expect(try failures(text).isEmpty)
  }

  @Test func withoutItTheTimeIsUnknown() throws {
    #expect(try failures("test \"when\"\n\(Self.packet) => unknown\nend\n").isEmpty)
  }

  @Test(arguments: [
    "at", "at noon", "at 2026-3-1", "at 2026-02-29", "at 2026-03-01T24:00", "at 2026-03-01T8:00", "at 2040-01-01",
    "at 1969-12-31", "at 2026-03-01T08:00:60", "at 2026-03-01T08:00 UTC", "at 2026-13-01", "at 2026-00-01", "at -",
    "at 2026-03-01T", "at 2026-03-01T08:00:0", "at 99999999999999999999-03-01",
  ])
  func whatIsNoTimeIsRefused(_ line: String) {
    let document = FlowParser.parse("\(line)\n", file: "h.flow")
    #expect(document.hasErrors)
    #expect(FlowParser.parse("test \"t\"\n\(line)\n\(Self.packet)\nend\n", file: "h.flow").hasErrors)
  }

  @Test func datesAreThoseOfTheCalendar() {
    #expect(CivilTime.read("1970-01-01") == 0)
    #expect(CivilTime.read("2026-03-01T08:00") == 1_772_352_000)
    #expect(CivilTime.read("2024-02-29T23:59:59") == 1_709_251_199)
    #expect(CivilTime.read("2039-12-31T23:59:59") == CivilTime.lastKnown)
  }

  @Test func theClockStopsAtTheLargestNumber() {
    var host = LinuxHost()
    host.wallClock = .max
    host.wait(nanoseconds: .max)
    #expect(host.wallClock == .max)
    host.wallClock = 5
    host.wait(nanoseconds: 1)
    #expect(host.wallClock == 5)
  }
}
