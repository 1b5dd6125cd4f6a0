// -m owner against what the kernel answered for a forwarded packet, one of a root process, and a reset of the kernel itself.

import Testing

@testable import NetfilterModel

@Suite struct OwnerMatchTests {
  static let conditions = [
    "--uid-owner 0", "! --uid-owner 0", "--gid-owner 0", "! --gid-owner 5", "--gid-owner 5 --suppl-groups",
    "! --gid-owner 5 --suppl-groups", "--socket-exists", "! --socket-exists", "! --uid-owner 0 ! --gid-owner 0",
    "! --uid-owner 0 ! --socket-exists", "--uid-owner 0-10", "! --uid-owner 5-10 --socket-exists",
  ]

  static let cases: [(owner: SocketOwner, matched: [String])] = [
    (
      .none,
      [
        "! --uid-owner 0", "! --gid-owner 5", "! --socket-exists", "! --uid-owner 0 ! --gid-owner 0",
        "! --uid-owner 0 ! --socket-exists",
      ]
    ),
    (
      .process(uid: 0, gid: 0),
      [
        "--uid-owner 0", "--gid-owner 0", "! --gid-owner 5", "! --gid-owner 5 --suppl-groups", "--socket-exists",
        "--uid-owner 0-10", "! --uid-owner 5-10 --socket-exists",
      ]
    ),
    (
      .kernel,
      [
        "! --uid-owner 0", "! --gid-owner 5", "! --gid-owner 5 --suppl-groups", "--socket-exists",
        "! --uid-owner 0 ! --gid-owner 0", "! --uid-owner 5-10 --socket-exists",
      ]
    ),
  ]

  @Test(arguments: cases.indices) func matchesAsTheKernelDid(_ index: Int) throws {
    var packet = try MatchFixture.packet()
    packet.packet.owner = Self.cases[index].owner
    for condition in Self.conditions {
      var rule = try FixtureRule("-m owner " + condition, chain: "OUTPUT")
      #expect(rule.asks(packet) == ConditionResult(Self.cases[index].matched.contains(condition)), "\(condition)")
    }
  }

  @Test func supplementaryGroupsCountOnlyWhenAsked() throws {
    var packet = try MatchFixture.packet()
    packet.packet.owner = .process(uid: 1, gid: 1, groups: [4, 5])
    for (condition, expected) in [
      ("--gid-owner 5", ConditionResult.fails), ("--gid-owner 5 --suppl-groups", .holds),
      ("! --gid-owner 5 --suppl-groups", .fails), ("--gid-owner 6 --suppl-groups", .fails),
    ] {
      var rule = try FixtureRule("-m owner " + condition, chain: "OUTPUT")
      #expect(rule.asks(packet) == expected, "\(condition)")
    }
  }
}
