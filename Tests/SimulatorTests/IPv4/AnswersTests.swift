// The host's own answers against the kernel, and their rate limits.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct AnswersTests {
  static let host = address(10, 0, 0, 1)

  /// The answer as bytes, with the error built as the engine would build it.
  static func bytes(_ answer: HostAnswer) -> String? {
    switch answer {
    case .none: ""
    case .packet(let bytes): masked(bytes)
    case .icmpError(let type, let code, let about):
      bytes(ICMPAnswers.error(type: type, code: code, about: about, source: host))
    case .unknown: nil
    }
  }

  /// The packet without its identification and header checksum.
  static func masked(_ bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "" }
    var copy = bytes
    #expect(Checksum.compute(bytes, in: 0..<Int(bytes.byte(at: 0) & 15) * 4) == 0)
    copy.setUInt16(0, at: 4)
    copy.setUInt16(0, at: 10)
    return Packet(bytes: copy).hex
  }

  static func masked(hex: String) -> String { Packet(hex: hex).map { masked($0.bytes) } ?? "" }

  @Test func theStackAnswersAsTheKernel() throws {
    var undecided = 0
    for (index, item) in Recorded.stack.enumerated() {
      var packet = try #require(Packet(hex: item.packet))
      let routeType: AddressType = packet.bytes.byte(at: 19) == 255 ? .broadcast : .local
      // the kernel's answer tells the time of day
      let expected = Packet(hex: item.answer)?.bytes ?? []
      let isTimestamp = expected.count == 40 && expected.byte(at: 20) == 14
      // the host looked at the options before
      var options = IPOptions()
      let header = try #require(IPHeader(packet.bytes))
      let surroundings = IPOptions.Surroundings(
        ownAddress: { header.destination }, isUnicast: { _ in true }, timeOfDay: nil)
      #expect(options.compile(&packet.bytes, end: header.transportOffset, surroundings) == nil)
      let echo = try #require(EchoedOptions(packet.bytes, options, isUnicast: { _ in true }))
      let answer = StackAnswers.answer(
        to: packet, routeType: routeType, timeOfDay: isTimestamp ? expected.uint32(at: 32) : 0, echo: echo)
      guard let bytes = Self.bytes(answer) else {
        undecided += 1
        continue
      }
      #expect(bytes == Self.masked(hex: item.answer), "case \(index): \(item.packet)")
    }
    #expect(undecided == 0)
    #expect(Recorded.stack.filter { !$0.answer.isEmpty }.count >= 15)
  }

  @Test func rejectAnswersAsTheKernel() throws {
    var undecided = 0
    for (index, item) in Recorded.reject.enumerated() {
      var packet = try #require(Packet(hex: item.packet))
      let header = try #require(IPHeader(packet.bytes))
      // the packet was on FORWARD: its TTL is one less; the case with a malformed IP option never got there
      if header.transportOffset > 24 { continue }
      let ttl = UInt16(packet.bytes.byte(at: 8) &- 1) << 8 | UInt16(packet.bytes.byte(at: 9))
      packet.bytes.setUInt16(
        Checksum.replacing(packet.bytes.uint16(at: 10), old: packet.bytes.uint16(at: 8), new: ttl), at: 10)
      packet.bytes.setUInt16(ttl, at: 8)
      let answer: HostAnswer
      if header.protocolNumber == .tcp {
        answer = TCPAnswers.reset(for: packet.bytes, routeType: .unicast)
      } else if RejectAnswers.sendsUnreachable(packet.bytes),
        ICMPAnswers.mayAnswer(packet, type: .destinationUnreachable, routeType: .unicast)
      {
        answer = ICMPAnswers.unreachable(
          code: header.destination == address(192, 168, 1, 99) ? .communicationProhibited : .portUnreachable,
          about: packet.bytes, source: Self.host)
      } else {
        answer = .none
      }
      guard let bytes = Self.bytes(answer) else {
        undecided += 1
        continue
      }
      #expect(bytes == Self.masked(hex: item.answer), "case \(index): \(item.packet)")
    }
    #expect(undecided == 0)
    #expect(Recorded.reject.count == 17)
  }

  @Test func aMalformedOptionIsAParameterProblem() throws {
    let item = try #require(Recorded.reject.last)
    let packet = try #require(Packet(hex: item.packet))
    let expected = try #require(Packet(hex: item.answer)).bytes
    #expect(expected.byte(at: 20) == ICMPType.parameterProblem.rawValue)
    let answer = ICMPAnswers.parameterProblem(
      pointer: expected.byte(at: 24), about: packet.bytes, source: address(10, 0, 0, 1))
    #expect(Self.bytes(answer) == Self.masked(expected))
  }

  @Test func quotesNoMoreThanFits() throws {
    let long = NATTests.udp(address(10, 0, 0, 2), 1, address(10, 9, 9, 9), 2).bytes + [UInt8](repeating: 7, count: 900)
    guard case .packet(let whole) = ICMPAnswers.timeExceeded(about: long, source: Self.host) else {
      Issue.record("no packet")
      return
    }
    #expect(whole.count == 576 && Checksum.compute(whole, in: 20..<576) == 0)
    guard
      case .packet(let small) = ICMPAnswers.fragmentationNeeded(
        nextHopMTU: 1400, about: long, source: Self.host, mtu: 100)
    else {
      Issue.record("no packet")
      return
    }
    #expect(small.count == 100 && small.uint32(at: 24) == 1400)
    #expect(ICMPAnswers.timeExceeded(about: long, source: Self.host, mtu: 48) == .none)
  }

  @Test func noErrorsAboutErrorsFragmentsAndBroadcasts() {
    let packet = NATTests.udp(address(10, 0, 0, 2), 1, address(10, 9, 9, 9), 2)
    #expect(ICMPAnswers.mayAnswer(packet, type: .destinationUnreachable, routeType: .unicast))
    #expect(!ICMPAnswers.mayAnswer(packet, type: .destinationUnreachable, routeType: .broadcast))
    #expect(!ICMPAnswers.mayAnswer(packet, type: .destinationUnreachable, routeType: .multicast))
    var other = packet
    other.type = .broadcast
    #expect(!ICMPAnswers.mayAnswer(other, type: .destinationUnreachable, routeType: .unicast))
    other = packet
    other.bytes[7] = 1
    #expect(!ICMPAnswers.mayAnswer(other, type: .destinationUnreachable, routeType: .unicast))
    other.bytes[7] = 0
    other.bytes[9] = 1
    for (type, isAnswered) in [(8, true), (0, true), (13, true), (3, false), (11, false), (5, false), (40, false)] {
      other.bytes[20] = UInt8(type)
      #expect(ICMPAnswers.mayAnswer(other, type: .destinationUnreachable, routeType: .unicast) == isAnswered)
    }
    other.bytes = Array(other.bytes.prefix(20))
    #expect(!ICMPAnswers.mayAnswer(other, type: .destinationUnreachable, routeType: .unicast))
  }

  @Test func sixErrorsAtOnceAndThenOneASecond() {
    var limiter = ICMPRateLimiter()
    let peer = address(10, 0, 0, 7)
    let second: UInt64 = 1_000_000_000
    // as recorded from the kernel: twelve at once, and three more after 1.1 s
    let first = (0..<12).map { _ in
      limiter.allows(type: .destinationUnreachable, code: .communicationProhibited, to: peer, now: 5).isAllowed
    }
    #expect(first == [true, true, true, true, true, true, false, false, false, false, false, false])
    let later = (0..<3).map { _ in
      limiter.allows(type: .destinationUnreachable, code: .communicationProhibited, to: peer, now: 5 + second * 11 / 10)
        .isAllowed
    }
    #expect(later == [true, false, false])
    #expect(limiter.allows(type: .timeExceeded, code: .none, to: address(10, 0, 0, 8), now: 6).isAllowed)
    #expect(limiter.allows(type: .destinationUnreachable, code: .fragmentationNeeded, to: peer, now: 6).isAllowed)
    #expect(limiter.allows(type: .echoReply, code: .none, to: peer, now: 6).isAllowed)
    #expect(
      limiter.allows(type: .destinationUnreachable, code: .portUnreachable, to: peer, now: 6, leavesByLoopback: true)
        .isAllowed)
    #expect(
      limiter.allows(type: .destinationUnreachable, code: .portUnreachable, to: address(10, 0, 0, 9), now: 7).isAllowed)
  }

  @Test func allPeersTogetherShareABucketThatEmptiesByChance() {
    var limiter = ICMPRateLimiter()
    var decisions: [ICMPRateLimiter.Decision] = []
    for peer in 0..<60 as Range<UInt32> {
      decisions.append(
        limiter.allows(type: .destinationUnreachable, code: .protocolUnreachable, to: address(10, 0, 1, peer), now: 0))
    }
    #expect(decisions.prefix(25).allSatisfy { $0 == ICMPRateLimiter.Decision(isAllowed: true) })
    #expect(decisions[25..<50].allSatisfy { $0 == ICMPRateLimiter.Decision(isAllowed: true, isByChance: true) })
    #expect(decisions[50...].allSatisfy { $0 == ICMPRateLimiter.Decision(isAllowed: false, isByChance: true) })
    let after = limiter.allows(
      type: .destinationUnreachable, code: .protocolUnreachable, to: address(10, 0, 2, 1), now: 20_000_000)
    #expect(after == ICMPRateLimiter.Decision(isAllowed: true))
  }

  @Test func brokenPacketsDoNotTrap() throws {
    for item in Recorded.stack + Recorded.reject {
      let whole = try #require(Packet(hex: item.packet))
      for length in 0..<min(whole.bytes.count, 80) {
        let packet = Packet(bytes: Array(whole.bytes.prefix(length)))
        _ = Self.bytes(StackAnswers.answer(to: packet, routeType: .local, timeOfDay: nil))
        _ = TCPAnswers.reset(for: packet.bytes, routeType: .unicast)
        _ = RejectAnswers.sendsUnreachable(packet.bytes)
      }
    }
  }
}
