import NetfilterModel
import Testing

/// The TCP header, its flags and options.
struct TCPHeaderTests {
  /// A SYN that a kernel sent from 198.51.100.10 to 1.1.1.1.
  static let segment = IPv4HeaderTests.bytes("040e0015 000003e8 00000000 60020200 622c0000 02040564")

  @Test func everyFieldIsReadWhereItStands() {
    let bytes = [7] + IPv4HeaderTests.bytes("040e0015 000003e8 000003e9 6f12fff0 622c0102 02040564")
    #expect(TransportPorts.source(in: bytes, at: 1) == 0x40e && TransportPorts.destination(in: bytes, at: 1) == 21)
    #expect(TransportPorts.source(in: bytes, at: 1) == 0x40e && TransportPorts.destination(in: bytes, at: 1) == 21)
    #expect(TCPHeader.sequence(in: bytes, at: 1) == 1000 && TCPHeader.acknowledgement(in: bytes, at: 1) == 1001)
    #expect(TCPHeader.length(in: bytes, at: 1) == 24 && TCPHeader.reserved(in: bytes, at: 1) == 15)
    #expect(TCPHeader.flags(in: bytes, at: 1) == [.syn, .ack])
    #expect(TCPHeader.window(in: bytes, at: 1) == 0xfff0 && TCPHeader.checksum(in: bytes, at: 1) == 0x622c)
    #expect(TCPHeader.urgentPointer(in: bytes, at: 1) == 0x102)
    #expect(TCPHeader.options(in: bytes, at: 1) == 21..<25)
  }

  @Test func makeWritesWhatAKernelWrote() {
    var made = TCPHeader.make(
      sourcePort: 0x40e, destinationPort: 21, sequence: 1000, flags: .syn, window: 512,
      options: TCPOptions.maximumSegmentSize(1380))
    TransportChecksum.update(&made, from: 0, .tcp, source: .v4(0xc633_640a), destination: .v4(0x0101_0101))
    #expect(made == Self.segment)
  }

  @Test func theLengthLeavesTheReservedBits() {
    var bytes = Self.segment
    bytes[12] = 0x65
    TCPHeader.setLength(60, in: &bytes, at: 0)
    #expect(bytes[12] == 0xf5)
  }

  @Test func whatIsCutOffReadsAsZero() {
    for length in 0..<20 {
      let bytes = Array(Self.segment.prefix(length))
      #expect(TCPHeader.length(in: bytes, at: 0) == (length > 12 ? 24 : 0))
      #expect(TCPHeader.flags(in: bytes, at: 0) == (length > 13 ? .syn : []))
      #expect(TCPHeader.window(in: bytes, at: 0) == (length > 14 ? 512 : 0))
      var written = bytes
      TCPHeader.setUrgentPointer(.max, in: &written, at: 0)
      #expect(written.count == length)
    }
  }

  @Test func aLengthOfLessThanTheHeaderMeansNoOptions() {
    var bytes = Self.segment
    for length in stride(from: 0, through: 20, by: 4) {
      TCPHeader.setLength(length, in: &bytes, at: 0)
      #expect(TCPHeader.options(in: bytes, at: 0).isEmpty)
    }
  }

  @Test(
    arguments: [([], 0), (.syn, 1), (.fin, 1), ([.syn, .fin], 2), ([.psh, .ack, .urg, .rst], 0)] as [(TCPFlags, UInt32)]
  )
  func synAndFinTakeSequenceNumbers(_ flags: TCPFlags, _ count: UInt32) {
    #expect(flags.sequenceLength == count)
    let bytes = TCPHeader.make(sourcePort: 1, destinationPort: 2, flags: flags) + [1, 2, 3]
    #expect(TCPHeader.sequenceLength(in: bytes, at: 0, available: bytes.count) == count + 3)
  }

  @Test func lettersGoBothWays() {
    for bits in UInt8.min...UInt8.max {
      let flags = TCPFlags(rawValue: bits)
      if bits != 0 { #expect(TCPFlags(letters: flags.letters) == flags) }
      #expect(flags.names.count == bits.nonzeroBitCount)
    }
    #expect(TCPFlags(letters: "") == [] && ([] as TCPFlags).letters == "none")
    #expect(TCPFlags(letters: "SA") == [.syn, .ack] && TCPFlags(letters: "x") == nil)
    #expect(([.syn, .ack, .ece, .cwr] as TCPFlags).letters == "S.EW")
    #expect(([.syn, .ack, .cwr] as TCPFlags).names == ["CWR", "ACK", "SYN"])
    #expect(TCPFlags(initials: "fsrpauec").rawValue == 0xff && TCPFlags(initials: "C.x") == .cwr)
    #expect(TCPFlagLetters.text(0x12) == "S." && TCPFlagLetters.parse("F.") == 0x11)
  }

  /// The kernel's table `tcp_valid_flags`, PSH left out: the only flags that go together.
  @Test func flagsThatGoTogether() {
    let valid: Set<UInt8> = [0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30]
    for bits in UInt8.min...UInt8.max {
      #expect(TCPFlags(rawValue: bits).areConsistent == valid.contains(bits & 0x37), "\(bits)")
      #expect(TCPFlags(rawValue: bits).isFirst == (bits & 0x12 == 2))
    }
  }

  @Test func optionsAreWalkedUntilABrokenOne() {
    // NOP, MSS, SACK permitted, window scale; then one that reaches behind the end
    let bytes: [UInt8] = [1, 2, 4, 5, 0xb4, 4, 2, 3, 3, 7, 8, 10, 1]
    var seen: [TCPOptionKind] = []
    var values: [Range<Int>] = []
    TCPOptions.forEach(in: bytes, 0..<bytes.count) { kind, value in
      seen.append(kind)
      values.append(value)
      return true
    }
    #expect(seen == [.maximumSegmentSize, .sackPermitted, .windowScale])
    #expect(values == [3..<5, 7..<7, 9..<10])
    #expect(TCPOptions.windowScale(in: bytes, at: 9) == 7)
    let list = TCPOptions.list(in: bytes, 0..<bytes.count)
    #expect(list.map(\.kind.rawValue) == [2, 4, 3, 8] && list.map(\.length) == [4, 2, 3, 10])
    #expect(list.first.flatMap { TCPOptions.maximumSegmentSize(of: $0, in: bytes) } == 1460)
    #expect(TCPOptions.contains(.windowScale, in: bytes, 0..<bytes.count))
    #expect(!TCPOptions.contains(.md5, in: bytes, 0..<bytes.count))
    for length in 0...bytes.count {
      TCPOptions.forEach(in: bytes, 0..<length) { _, value in
        #expect(value.upperBound <= length)
        return true
      }
    }
  }

  @Test func aStepLeadsToTheNextOption() {
    #expect(TCPOptions.step(in: [1, 9], at: 0) == 1 && TCPOptions.step(in: [0, 9], at: 0) == 1)
    #expect(TCPOptions.step(in: [2, 4], at: 0) == 4 && TCPOptions.step(in: [2, 0], at: 0) == 1)
    #expect(TCPOptions.step(in: [2], at: 0) == 1 && TCPOptions.step(in: [2, 1], at: 0) == 1)
    var bytes: [UInt8] = [1] + TCPOptions.maximumSegmentSize(0x5b4)
    TCPOptions.setMaximumSegmentSize(0x102, in: &bytes, at: 1)
    #expect(bytes == [1, 2, 4, 1, 2] && TCPOptions.maximumSegmentSize(in: bytes, at: 1) == 0x102)
    #expect(TCPOptions.kind(in: bytes, at: 1) == .maximumSegmentSize && TCPOptions.length(in: bytes, at: 1) == 4)
  }

  @Test(arguments: [[2, 0], [2, 1, 9], [0, 2, 4, 1, 1], [2]] as [[UInt8]])
  func nothingIsReadBehindABrokenOption(_ bytes: [UInt8]) {
    TCPOptions.forEach(in: bytes, 0..<bytes.count) { kind, _ in
      Issue.record("\(kind)")
      return true
    }
  }
}
